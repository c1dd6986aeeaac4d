import { performance } from 'node:perf_hooks'
import process from 'node:process'
import { clearTimeout, setImmediate, setTimeout } from 'node:timers'

/** The longest delay that a timer of Node takes, some 24 days. */
export const MAX_DELAY_MS = 2_147_483_647

interface RealTime {
  /** Milliseconds on a clock that never steps back. */
  readonly now: () => number
  readonly setTimeout: typeof setTimeout
  readonly clearTimeout: typeof clearTimeout
  readonly setImmediate: typeof setImmediate
  readonly nextTick: typeof process.nextTick
  readonly queueMicrotask: typeof queueMicrotask
  readonly random: () => number
}

/**
 * Node's clock, timers and the like, as they were when this file was loaded. Tests of those who use the
 * agents replace the global ones, and expect their requests to be served nevertheless. It is one object,
 * so that our own tests can have it stand still.
 */
export const realTime: RealTime = {
  now: performance.now.bind(performance),
  setTimeout,
  clearTimeout,
  setImmediate,
  nextTick: process.nextTick.bind(process) as typeof process.nextTick,
  queueMicrotask: queueMicrotask.bind(globalThis),
  random: Math.random,
}
