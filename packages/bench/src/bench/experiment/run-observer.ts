import type { Block } from '../bench-result.ts'

/** Receives the progress of a run. */
export interface RunObserver {
  readonly sliceStarts: (block: number, position: number, participant: string) => void
  readonly blockEnds: (block: Block) => void
  readonly timelineStarts: (participant: string) => void
  readonly raceStarts: () => void
  /** Receives a line that a process of the run has printed; it may hold anything. */
  readonly says: (who: string, line: string) => void
}
