import type { Block } from '../bench-result.ts'

/** Hears how a run goes on. */
export interface RunObserver {
  readonly sliceStarts: (block: number, position: number, participant: string) => void
  readonly blockEnds: (block: Block) => void
  readonly portraitStarts: (participant: string) => void
  readonly raceStarts: () => void
  /** A process of the run has printed a line, which may hold anything. */
  readonly says: (who: string, line: string) => void
}
