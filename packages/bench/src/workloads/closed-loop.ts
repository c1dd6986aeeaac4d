import { performance } from 'node:perf_hooks'
import type { Caller, Exchange } from '../callers/caller.ts'
import type { LoadTally } from './load-tally.ts'

/** How much a closed loop does. */
export interface ClosedLoop {
  /** Requests in progress at any time. */
  readonly concurrency: number
  /** Requests in all. */
  readonly amount: number
  /** Origins that take turns. */
  readonly origins: number
}

/** Each of the workers makes its next request when its last one has ended. */
export async function runClosedLoop(
  caller: Caller,
  { concurrency, amount, origins }: ClosedLoop,
  tally: LoadTally,
): Promise<void> {
  let started = 0
  let running = 0
  await new Promise<void>((resolve) => {
    const next = (worker: Worker): void => {
      if (started < amount) {
        const origin = started % origins
        started += 1
        worker.start(origin)
        return
      }
      running -= 1
      if (running === 0) resolve()
    }
    const workers = Array.from(
      { length: Math.min(concurrency, amount) },
      () => new Worker(caller, tally, next),
    )
    running = workers.length
    for (const worker of workers) next(worker)
  })
}

/** One request at a time. Nothing is created per request here, since its cost would be measured. */
class Worker implements Exchange {
  readonly #caller: Caller
  #startedMs = 0
  #status = 0
  #isOpen = false
  readonly ended: () => void
  readonly failed: (error: unknown) => void

  constructor(caller: Caller, tally: LoadTally, next: (worker: Worker) => void) {
    this.#caller = caller
    this.ended = () => {
      if (!this.#isOpen) return
      this.#isOpen = false
      tally.answered(this.#status, this.#startedMs)
      next(this)
    }
    this.failed = (error) => {
      if (!this.#isOpen) return
      this.#isOpen = false
      tally.failed(error)
      // A client that fails at once would otherwise fill the stack.
      setImmediate(next, this)
    }
  }

  started(status: number): void {
    this.#status = status
  }

  start(origin: number): void {
    this.#isOpen = true
    this.#startedMs = performance.now()
    this.#caller.call(origin, this)
  }
}
