import { mock, type TestContext } from 'node:test'
import { realTime } from '../../dist/driver/real-time.js'
import { turn } from './turn.ts'

/** A clock that stands until it is told to go on, with the timers that hang on it. */
export interface FakeClock {
  readonly pass: (ms: number) => Promise<void>
}

/**
 * Puts it in the place of Node's timers, and of the clock and timers that the agents have taken of
 * Node, while the test lasts.
 */
export const fakeClock = (context: TestContext): FakeClock => {
  let nowMs = realTime.now()
  const { clearTimeout: clearRealTimeout } = realTime
  const timers = new WeakSet<object>()
  mock.timers.enable({ apis: ['setTimeout'] })
  mock.method(realTime, 'now', () => nowMs)
  mock.method(realTime, 'setTimeout', (run: () => void, delayMs: number) => {
    const timer = setTimeout(run, delayMs)
    timers.add(timer)
    return timer
  })
  // What an earlier test has left, and clears only now, must not take the place of one of these.
  mock.method(realTime, 'clearTimeout', (timer: NodeJS.Timeout | undefined) => {
    if (timer !== undefined && timers.has(timer)) clearTimeout(timer)
    else clearRealTimeout(timer)
  })
  context.after(() => {
    mock.timers.reset()
    mock.restoreAll()
  })
  return {
    pass: async (ms) => {
      nowMs += ms
      mock.timers.tick(ms)
      await turn()
    },
  }
}
