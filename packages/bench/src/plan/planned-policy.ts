import { HoldfastError, type PolicyOptions, resolvePolicy } from '@holdfast/core'
import { type PathMember, type PathPolicy, policyFor } from '@holdfast/core/upstreams'
import { looseValues, parseSettings } from '../cli/spec.ts'
import { UsageError } from '../cli/usage-error.ts'
import type { PlannedPolicy } from './plan-input.ts'

/** Policies that others start from. */
export const POLICY_BASES = ['short', 'default', 'safe'] as const

type Base = (typeof POLICY_BASES)[number]

/** Policy of one request per connection, closed by the client when the response has ended. */
const SHORT: PolicyOptions = { maxRequestsPerConnection: 1, closeMode: 'fin', replay: 'never' }

/**
 * Reads `BASE`, `BASE:key=value,key=value` or `key=value,key=value`, which starts from `default`.
 *
 * @throws UsageError for anything else
 */
export function plannedPolicy(text: string, path: readonly PathMember[]): PlannedPolicy {
  const { base, settings } = readSpec(text)
  const { policy, reasons } = baseOf(base, text, path)
  try {
    return {
      name: text,
      policy: resolvePolicy({ ...policy, ...settings }),
      guardsPorts: base !== 'short',
      reasons,
    }
  } catch (error) {
    throw error instanceof HoldfastError
      ? new UsageError(`--policy ${text}: ${error.message}`)
      : error
  }
}

function readSpec(text: string): { base: Base; settings: PolicyOptions } {
  const colon = text.indexOf(':')
  const isBare = colon === -1 && text.includes('=')
  const name = colon === -1 ? text : text.slice(0, colon)
  const base = isBare ? 'default' : POLICY_BASES.find((each) => each === name)
  if (base === undefined) {
    throw new UsageError(
      `--policy must be one of ${POLICY_BASES.join(', ')}, or key=value,…, or one of those and :key=value,…, got '${text}'`,
    )
  }
  const list = isBare ? text : text.slice(colon + 1)
  const settings =
    colon === -1 && !isBare ? {} : looseValues(parseSettings(`--policy ${text}`, list))
  return { base, settings }
}

function baseOf(
  base: Base,
  text: string,
  path: readonly PathMember[],
): { policy: PolicyOptions; reasons: readonly string[] } {
  if (base === 'default') return { policy: {}, reasons: [] }
  if (base === 'short') return { policy: SHORT, reasons: [] }
  if (path.length === 0) {
    throw new UsageError(`--policy ${text} is computed from the path: give at least one --profile`)
  }
  const { policy, reasons } = policyFor(path)
  return { policy, reasons: textsOf(reasons) }
}

function textsOf(reasons: PathPolicy['reasons']): string[] {
  return Object.values(reasons).flatMap((each) => each.map(({ text }) => text))
}
