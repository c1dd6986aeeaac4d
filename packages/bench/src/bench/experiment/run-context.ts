import type { Isolation } from '../../linux/isolation.ts'
import type { Scenario } from '../bench-result.ts'
import type { UpstreamDescription } from '../upstreams/upstream-server.ts'
import type { RunObserver } from './run-observer.ts'
import type { Candidate, Workers } from './workers.ts'

/** Run whose processes are ready. */
export interface RunContext {
  readonly scenario: Scenario
  readonly isolation: Isolation
  readonly observer: RunObserver
  readonly workers: Workers
  readonly upstream: UpstreamDescription
  readonly candidates: readonly Candidate[]
}
