import { mock, type TestContext } from 'node:test'
import { realTime } from '../../dist/driver/real-time.js'

/** The timers that the agents have set from now on, and that have neither fired nor been cleared. */
export const watchTimers = (context: TestContext): ReadonlySet<object> => {
  const pending = new Set<object>()
  mock.method(realTime, 'setTimeout', (run: () => void, delayMs: number) => {
    const timer = setTimeout(() => {
      pending.delete(timer)
      run()
    }, delayMs)
    pending.add(timer)
    return timer
  })
  mock.method(realTime, 'clearTimeout', (timer: NodeJS.Timeout | undefined) => {
    if (timer !== undefined) pending.delete(timer)
    clearTimeout(timer)
  })
  context.after(() => mock.restoreAll())
  return pending
}
