import { performance } from 'node:perf_hooks'
import { mock, type TestContext } from 'node:test'
import { turn } from './turn.ts'

/** A clock that stands until it is told to go on, with the timers that hang on it. */
export interface FakeClock {
  readonly pass: (ms: number) => Promise<void>
}

/** Puts it in the place of Node's clock and timers while the test lasts. */
export const fakeClock = (context: TestContext): FakeClock => {
  let nowMs = performance.now()
  mock.method(performance, 'now', () => nowMs)
  mock.timers.enable({ apis: ['setTimeout'] })
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
