import { realTime } from '../real-time.ts'
import { throwLater } from '../throw-later.ts'

type Call = () => void

/** Those of the present turn of the event loop. */
let fresh: Call[] = []
/** Those of the turn before. */
let due: Call[] = []

const endTurn = (): void => {
  const calls = due
  due = fresh
  fresh = []
  if (due.length > 0) realTime.setImmediate(endTurn)
  for (const call of calls) {
    try {
      call()
    } catch (error) {
      throwLater(error)
    }
  }
}

/**
 * Calls back once the event loop has read whatever had come before. That takes two turns: in the first one
 * the loop may have asked for what has come before the peer's close came. All calls of a turn share one
 * callback of the loop, so that they come in no async context of their own.
 */
export const afterPoll = (call: Call): void => {
  if (fresh.length + due.length === 0) realTime.setImmediate(endTurn)
  fresh.push(call)
}
