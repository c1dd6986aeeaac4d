import { performance } from 'node:perf_hooks'
import type { TerminalStream } from '../cli/terminal.ts'
import { formatUs } from '../forms/format.ts'
import type { Block } from './bench-result.ts'
import { METRICS } from './method/metrics.ts'

/** Size of a run, in blocks and slices. */
export interface Extent {
  readonly blocks: number
  readonly slicesPerBlock: number
}

/** Progress of a run: one line that changes on a terminal, one line per block elsewhere. */
export class Progress {
  readonly #stream: TerminalStream
  readonly #extent: Extent
  readonly #startedMs = performance.now()

  constructor(stream: TerminalStream, extent: Extent) {
    this.#stream = stream
    this.#extent = extent
  }

  sliceStarts(block: number, position: number, participant: string): void {
    if (!this.#stream.isLive) return
    const { blocks, slicesPerBlock } = this.#extent
    const done = block * slicesPerBlock + position
    const elapsedMs = performance.now() - this.#startedMs
    const leftMs = (elapsedMs / done) * (blocks * slicesPerBlock - done)
    const left = done === 0 ? '' : `, ${Math.ceil(leftMs / 1000)} s left`
    this.#stream.showLive(`block ${block + 1} of ${blocks}: ${participant}${left}`)
  }

  blockEnds({ index, warmUp, slices }: Block): void {
    if (this.#stream.isLive) return
    const figures = slices
      .toSorted((a, b) => a.participant.localeCompare(b.participant))
      .map((slice) => `${slice.participant} ${formatUs(METRICS.cpuPerRequest.of(slice) ?? null)}`)
    const label = `block ${index + 1} of ${this.#extent.blocks}${warmUp ? ' (warm-up)' : ''}`
    this.#stream.writeLines([`${label}, CPU per request: ${figures.join(', ')}`])
  }

  timelineStarts(participant: string): void {
    if (this.#stream.isLive) this.#stream.showLive(`timeline of ${participant}`)
  }

  raceStarts(): void {
    if (this.#stream.isLive) this.#stream.showLive('race against closing connections')
  }

  says(who: string, line: string): void {
    this.#stream.writeLines([`${who}: ${line}`])
  }
}
