import { performance } from 'node:perf_hooks'
import type { Caller, Exchange, InFlight } from '../callers/caller.ts'
import type { LoadTally } from './load-tally.ts'

/** Holder of one request at a time. Nothing is created per request, since it would be measured. */
export class Slot implements Exchange {
  readonly ended: () => void
  readonly failed: (error: unknown) => void
  readonly #caller: Caller
  readonly #tally: LoadTally
  readonly #done: (slot: Slot) => void
  #inFlight: InFlight | undefined
  #startedMs = 0
  #stampMs = 0
  #status = 0
  #isOpen = false

  /** @param done called after each request, however it ended */
  constructor(caller: Caller, tally: LoadTally, done: (slot: Slot) => void) {
    this.#caller = caller
    this.#tally = tally
    this.#done = done
    this.ended = () => {
      if (!this.#isOpen) return
      this.#isOpen = false
      this.#tally.answered(this.#status, this.#stampMs)
      this.#done(this)
    }
    this.failed = (error) => {
      if (!this.#isOpen) return
      this.#isOpen = false
      this.#tally.failed(error)
      // A client that fails at once would otherwise fill the stack.
      setImmediate(this.#done, this)
    }
  }

  started(status: number): void {
    this.#status = status
  }

  /** @param dueMs time at which the request was due, if earlier than now */
  start(origin: number, dueMs?: number): void {
    this.#isOpen = true
    this.#startedMs = performance.now()
    this.#stampMs = dueMs ?? this.#startedMs
    this.#inFlight = this.#caller.call(origin, this)
  }

  /** Gives up a request that began before this instant. */
  expire(beforeMs: number): void {
    if (!this.#isOpen || this.#startedMs > beforeMs) return
    const error = Object.assign(new Error('no answer in time'), { code: 'HOLDFAST_BENCH_TIMEOUT' })
    const inFlight = this.#inFlight
    this.failed(error)
    inFlight?.destroy(error)
  }
}

/** Creates a slot that calls back after each of its requests. */
export type SlotFactory = (done: (slot: Slot) => void) => Slot
