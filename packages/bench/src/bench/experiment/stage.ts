import type { Isolation } from '../../linux/isolation.ts'
import type { Scenario } from '../bench-result.ts'
import type { UpstreamDescription } from '../upstreams/upstream-server.ts'
import type { Contestant, Crew } from './crew.ts'
import type { RunObserver } from './run-observer.ts'

/** A run whose processes are ready. */
export interface Stage {
  readonly scenario: Scenario
  readonly isolation: Isolation
  readonly observer: RunObserver
  readonly crew: Crew
  readonly upstream: UpstreamDescription
  readonly contestants: readonly Contestant[]
}
