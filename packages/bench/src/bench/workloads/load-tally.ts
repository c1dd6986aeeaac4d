import { performance } from 'node:perf_hooks'
import { type LatencyBucket, LatencyHistogram } from '../../statistics/latency-histogram.ts'
import { type ErrorCounts, ErrorTally } from './error-tally.ts'

/** Figures of the side that makes the requests. */
export interface LoadFigures {
  /** Answers received in full, whatever their status. */
  readonly completed: number
  readonly failed: number
  readonly non2xx: number
  readonly errors: ErrorCounts
  /** Time from the start of the first request to the end of the last one. */
  readonly elapsedMs: number
  readonly latency: readonly LatencyBucket[]
}

/** Collects the figures of one load, from its construction to the last answer. */
export class LoadTally {
  readonly #startedMs = performance.now()
  #endedMs = this.#startedMs
  #completed = 0
  #non2xx = 0
  #failed = 0
  readonly #errors = new ErrorTally()
  readonly #latency = new LatencyHistogram()

  /** @param startedMs start of the request, or the time at which it was due */
  answered(status: number, startedMs: number): void {
    this.#endedMs = performance.now()
    this.#completed += 1
    if (status < 200 || status > 299) this.#non2xx += 1
    this.#latency.record((this.#endedMs - startedMs) * 1000)
  }

  failed(error: unknown): void {
    this.#endedMs = performance.now()
    this.#failed += 1
    this.#errors.add(error)
  }

  figures(): LoadFigures {
    return {
      completed: this.#completed,
      failed: this.#failed,
      non2xx: this.#non2xx,
      errors: this.#errors.counts(),
      elapsedMs: this.#endedMs - this.#startedMs,
      latency: this.#latency.buckets(),
    }
  }
}
