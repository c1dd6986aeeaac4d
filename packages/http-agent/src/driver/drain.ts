import {
  type Bounds,
  checkNumber,
  InvalidArgumentError,
  refuseUnknownOptions,
} from '@holdfast/core'
import { realTime } from './real-time.ts'

/** Options of a drain. */
export interface DrainOptions {
  /**
   * Milliseconds until the remaining connections are destroyed.
   *
   * Default: 10_000. Allowed: a number from 0, or Infinity.
   */
  readonly timeoutMs?: number
}

/** Outcome of a drain. */
export interface DrainResult {
  /** `'completed'` where every request was served, `'timed_out'` where the rest was destroyed. */
  readonly outcome: 'completed' | 'timed_out'
  /** Connections that were destroyed at the time-out, those being dialled included. */
  readonly destroyedCount: number
  /** Requests that still waited then; they failed with `ERR_HOLDFAST_POOL_CLOSED`. */
  readonly rejectedCount: number
}

const DEFAULT_TIMEOUT_MS = 10_000
const TIMEOUT: Bounds = { min: 0, max: Number.POSITIVE_INFINITY, isInteger: false }

/** Something that can be drained: a pool. */
export interface Drainable {
  readonly isEmpty: boolean
  readonly openCount: number
  readonly waitingCount: number
  /** Takes no new request from now on. */
  readonly stop: () => void
  readonly destroy: () => void
}

/** @throws The errors of {@link Drain.run} for wrong options. */
export const checkDrainOptions = (options: unknown): number => {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new InvalidArgumentError('options', options, 'an object')
  }
  refuseUnknownOptions(options, { names: ['timeoutMs'], instead: { timeout: 'timeoutMs' } })
  const { timeoutMs = DEFAULT_TIMEOUT_MS } = options as DrainOptions
  return checkNumber('timeoutMs', timeoutMs, TIMEOUT)
}

/**
 * Brings a pool to its end: serves the requests that there are, and destroys what is left when the
 * time is over. The first of several drains whose time is over ends them all.
 */
export class Drain {
  readonly #pool: Drainable
  #finish: ((result: DrainResult) => void)[] = []
  #untilMs = Number.POSITIVE_INFINITY

  constructor(pool: Drainable) {
    this.#pool = pool
  }

  /** Whether a caller waits for the end. */
  get isRunning(): boolean {
    return this.#finish.length > 0
  }

  /** The instant of the time-out. It is finite while a drain runs, so that a timer keeps the process alive. */
  get nextDeadlineMs(): number {
    return this.#untilMs
  }

  async run(options: DrainOptions, nowMs: number): Promise<DrainResult> {
    const timeoutMs = checkDrainOptions(options)
    this.#pool.stop()
    return await new Promise((resolve) => {
      const untilMs = nowMs + Math.min(timeoutMs, Number.MAX_SAFE_INTEGER)
      this.#untilMs = Math.min(this.#untilMs, untilMs)
      this.#finish.push(resolve)
      this.check()
    })
  }

  /** Ends the drain if its time is over or the pool is empty. */
  advance(nowMs: number): void {
    this.check()
    if (nowMs >= this.#untilMs) this.#timeOut()
  }

  /** To be called whenever a connection or a waiter has left the pool. */
  check(): void {
    if (!(this.isRunning && this.#pool.isEmpty)) return
    this.#end({ outcome: 'completed', destroyedCount: 0, rejectedCount: 0 })
  }

  #timeOut(): void {
    const { openCount: destroyedCount, waitingCount: rejectedCount } = this.#pool
    const result: DrainResult = { outcome: 'timed_out', destroyedCount, rejectedCount }
    const finish = this.#takeFinish()
    this.#pool.destroy()
    // By then the sockets have said that they are closed. A dial that never answers is not waited for.
    realTime.setImmediate(() => {
      for (const end of finish) end(result)
    })
  }

  #end(result: DrainResult): void {
    for (const end of this.#takeFinish()) end(result)
  }

  #takeFinish(): readonly ((result: DrainResult) => void)[] {
    const finish = this.#finish
    this.#finish = []
    this.#untilMs = Number.POSITIVE_INFINITY
    return finish
  }
}
