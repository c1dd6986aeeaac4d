import type { Isolation } from '../../linux/isolation.ts'
import type { Block, Scenario } from '../bench-result.ts'
import type { UpstreamDescription } from '../upstreams/upstream-server.ts'
import type { Contestant, Crew } from './crew.ts'

/** Hears how a run goes on. */
export interface RunObserver {
  readonly sliceStarts: (block: number, position: number, participant: string) => void
  readonly blockEnds: (block: Block) => void
  readonly portraitStarts: (participant: string) => void
}

/** A run whose processes are ready. */
export interface Stage {
  readonly scenario: Scenario
  readonly isolation: Isolation
  readonly observer: RunObserver
  readonly crew: Crew
  readonly upstream: UpstreamDescription
  readonly contestants: readonly Contestant[]
}
