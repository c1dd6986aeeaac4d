import { createHistogram, performance } from 'node:perf_hooks'
import { ErrorTally } from './error-tally.ts'
import type { LoadFigures } from './messages.ts'

const LONGEST_LATENCY_US = 60_000_000

/** Collects the figures of one load, from its construction to the last answer. */
export class LoadTally {
  readonly #startedMs = performance.now()
  #endedMs = this.#startedMs
  #completed = 0
  #non2xx = 0
  readonly #errors = new ErrorTally()
  readonly #latencyUs = createHistogram({ lowest: 1, highest: LONGEST_LATENCY_US, figures: 3 })

  answered(status: number, latencyMs: number): void {
    this.#endedMs = performance.now()
    this.#completed += 1
    if (status < 200 || status > 299) this.#non2xx += 1
    this.#latencyUs.record(Math.max(1, Math.round(latencyMs * 1000)))
  }

  failed(error: unknown): void {
    this.#errors.add(error)
  }

  figures(): LoadFigures {
    return {
      completed: this.#completed,
      non2xx: this.#non2xx,
      errors: this.#errors.counts(),
      elapsedMs: this.#endedMs - this.#startedMs,
      p50Us: this.#latencyUs.percentile(50),
      p99Us: this.#latencyUs.percentile(99),
    }
  }
}
