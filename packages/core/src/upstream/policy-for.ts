import { InvalidOptionError } from '../errors.ts'
import { type Bounds, checkNumber } from '../options/bounds.ts'
import type { PolicyOptions } from '../policies/policy-options.ts'
import type { TcpKeepAlive } from '../tcp/tcp-keep-alive.ts'
import type { Reason } from './bid.ts'
import { ageLimit, idleLimit, requestLimit } from './path-limits.ts'
import { pathWarnings } from './path-warnings.ts'
import { probesWithin } from './probes-within.ts'
import { type PathMember, readPath } from './read-path.ts'
import { silentLimit } from './silent-limit.ts'
import { spellMs } from './spell-number.ts'

export interface PolicyForOptions {
  /**
   * Milliseconds by which the policy stays below each limit, for requests under way and for clocks
   * that differ.
   *
   * Default: 1000. Allowed: a number from 1 to 3_600_000.
   */
  readonly marginMs?: number | undefined
}

type DecidedField =
  | 'idleTimeoutMs'
  | 'maxRequestsPerConnection'
  | 'maxConnectionAgeMs'
  | 'serverHintMarginMs'
  | 'tcpKeepAlive'

/** A safe policy for a path, with its reasons. */
export interface PathPolicy {
  /** The policy, for the option `policy` of an agent or a dispatcher. */
  readonly policy: Readonly<
    Required<Pick<PolicyOptions, Exclude<DecidedField, 'tcpKeepAlive'>>> & {
      readonly tcpKeepAlive: TcpKeepAlive
    }
  >
  /** The reasons for each field: the profiles that decided it, and their values. */
  readonly reasons: Readonly<Record<DecidedField, readonly Reason[]>>
  /**
   * Warnings, for people: values that are not known well enough, and limits that leave no time for
   * reuse.
   */
  readonly warnings: readonly string[]
}

const MARGIN: Bounds & { readonly default: number } = {
  default: 1000,
  min: 1,
  max: 3_600_000,
  isInteger: false,
}

const readMargin = (options: unknown): number => {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new InvalidOptionError('options', options, 'an object')
  }
  for (const [key, value] of Object.entries(options)) {
    if (key !== 'marginMs') {
      throw new InvalidOptionError(`options.${key}`, value, 'left out: known is marginMs')
    }
  }
  const { marginMs = MARGIN.default } = options as PolicyForOptions
  return checkNumber('options.marginMs', marginMs, MARGIN)
}

/**
 * Computes the safe policy for connections along a path: idle and age below every limit by the
 * margin, fewer requests than every cap, and TCP probes before anything forgets a silent
 * connection. The order of the path makes no difference, and a longer path never gets looser
 * values.
 *
 * - Where the idle limit of a member is not known, the default of `idleTimeoutMs` bounds it.
 * - Where a limit is not longer than the margin, a connection cannot safely be used twice: then
 *   `maxRequestsPerConnection` is 1, the time in question is 1 ms, and a warning says so.
 * - `maxConnectionAgeMs` never exceeds its default, which lets names be looked up again.
 *
 * @param path Everything between the pool and the server, the server included: names of `PROFILES`,
 * or own profiles.
 * @throws InvalidOptionError (`ERR_HOLDFAST_INVALID_OPTION`) for an empty path, an unknown name, or
 * a profile or option out of bounds, naming the key, the value and what is allowed.
 */
export const policyFor = (
  path: readonly PathMember[],
  options: PolicyForOptions = {},
): PathPolicy => {
  const profiles = readPath(path)
  const marginMs = readMargin(options)
  const idle = idleLimit(profiles, marginMs)
  const requests = requestLimit(profiles, marginMs)
  const age = ageLimit(profiles, marginMs)
  const silence = silentLimit(profiles, marginMs)
  const tcpKeepAlive = probesWithin(silence.value, marginMs)
  const hintReason = Object.freeze({
    text: `hint margin ${spellMs(marginMs)}: the same margin for what a server announces`,
    profile: undefined,
    verification: undefined,
  })
  return Object.freeze({
    policy: Object.freeze({
      idleTimeoutMs: idle.value,
      maxRequestsPerConnection: requests.value,
      maxConnectionAgeMs: age.value,
      serverHintMarginMs: marginMs,
      tcpKeepAlive,
    }),
    reasons: Object.freeze({
      idleTimeoutMs: idle.reasons,
      maxRequestsPerConnection: requests.reasons,
      maxConnectionAgeMs: age.reasons,
      serverHintMarginMs: Object.freeze([hintReason]),
      tcpKeepAlive: silence.reasons,
    }),
    warnings: pathWarnings(profiles, { idle, requests, age, silence, tcpKeepAlive }),
  })
}
