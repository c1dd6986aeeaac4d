import type { PathPolicy } from '@holdfast/core'
import type { AdvisedField } from './findings/advise.ts'
import type { Findings } from './findings/findings.ts'
import type { ProfileMatch } from './findings/match-profiles.ts'
import type { Observations } from './observing/observation.ts'
import type { ProbePlan } from './observing/run-probe.ts'

/** Changes with every change that is not an addition. */
export const PROBE_SCHEMA = 'holdfast.probe/1'

/** A policy with null in the place of Infinity, which has no form in JSON. */
export type JsonPolicy = {
  readonly [Field in AdvisedField]:
    | PathPolicy['policy'][Field]
    | (PathPolicy['policy'][Field] extends number ? null : never)
}

/** What `holdfast probe --json` prints. */
export interface ProbeResult {
  readonly schema: typeof PROBE_SCHEMA
  /** Of @holdfast/bench. */
  readonly version: string
  /** ISO 8601. */
  readonly startedAt: string
  readonly url: string
  readonly method: string
  readonly plan: ProbePlan
  readonly findings: Findings
  /** The best first. */
  readonly matches: readonly ProfileMatch[]
  /** As it goes into an agent, but that null stands for: without limit. */
  readonly policy: JsonPolicy
  readonly reasons: Readonly<Record<AdvisedField, readonly string[]>>
  readonly warnings: readonly string[]
  /** The policy as JavaScript to paste. */
  readonly code: string
  /** Everything that was seen, as far as it goes. */
  readonly observations: Observations
}

export function jsonPolicy(policy: PathPolicy['policy']): JsonPolicy {
  const entries = Object.entries(policy).map(([field, value]) => [
    field,
    value === Number.POSITIVE_INFINITY ? null : value,
  ])
  return Object.fromEntries(entries) as JsonPolicy
}
