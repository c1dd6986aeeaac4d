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
  mock.timers.enable({ apis: ['setTimeout'] })
  mock.method(realTime, 'now', () => nowMs)
  mock.method(realTime, 'setTimeout', setTimeout)
  mock.method(realTime, 'clearTimeout', clearTimeout)
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
