import type { PolicyOptions } from '@holdfast/core'
import type { AdvisedField } from './findings/advise.ts'
import type { Findings } from './findings/findings.ts'
import type { ProfileMatch } from './findings/match-profiles.ts'
import type { Observations } from './observing/observation.ts'
import type { ProbePlan } from './observing/run-probe.ts'

/** Changes with every change that is not an addition. */
export const PROBE_SCHEMA = 'holdfast.probe/1'

/** What `holdfast probe --json` prints. */
export interface ProbeResult {
  readonly schema: typeof PROBE_SCHEMA
  /** Of the bench package. */
  readonly version: string
  /** ISO 8601. */
  readonly startedAt: string
  readonly url: string
  readonly method: string
  readonly plan: ProbePlan
  readonly findings: Findings
  /** The best first. */
  readonly matches: readonly ProfileMatch[]
  /** As it goes into an agent; JSON writes Infinity as null. */
  readonly policy: PolicyOptions
  readonly reasons: Readonly<Record<AdvisedField, readonly string[]>>
  readonly warnings: readonly string[]
  /** The policy as JavaScript to paste. */
  readonly code: string
  /** Everything that was seen, as far as it goes. */
  readonly observations: Observations
}
