import type { PolicyOptions } from '@holdfast/core'
import type { AdvisedField } from './findings/advise.ts'
import type { Findings } from './findings/findings.ts'
import type { ProfileMatch } from './findings/match-profiles.ts'
import type { Addresses } from './observing/look-up.ts'
import type { Observations } from './observing/observation.ts'
import type { ProbePlan } from './observing/run-probe.ts'

/** Name of the result's schema; it changes unless a change only adds. */
export const PROBE_SCHEMA = 'holdfast.probe/1'

/** Result that `holdfast probe --json` prints. */
export interface ProbeResult {
  readonly schema: typeof PROBE_SCHEMA
  /** Version of the bench package. */
  readonly version: string
  /** Start, ISO 8601. */
  readonly startedAt: string
  readonly url: string
  /** IP addresses of its name, in the resolver's order; at most 1,024. */
  readonly addresses: Addresses
  readonly method: string
  readonly plan: ProbePlan
  readonly findings: Findings
  /** Profiles that match, best first. */
  readonly matches: readonly ProfileMatch[]
  /** Policy for an agent; JSON writes Infinity as null. */
  readonly policy: PolicyOptions
  readonly reasons: Readonly<Record<AdvisedField, readonly string[]>>
  readonly warnings: readonly string[]
  /** Policy as JavaScript to paste. */
  readonly code: string
  /** Observations, as far as they go. */
  readonly observations: Observations
}
