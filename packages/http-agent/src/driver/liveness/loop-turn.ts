import { realTime } from '../real-time.ts'

let turn = 0
let isCounting = false
let isWanted = false

const count = (): void => {
  turn++
  isCounting = isWanted
  isWanted = false
  if (isCounting) realTime.setImmediate(count)
}

/**
 * The number of the current turn of the event loop. It counts only while it is in use, and may count a
 * turn twice.
 */
export const loopTurn = (): number => {
  isWanted = true
  if (!isCounting) {
    isCounting = true
    realTime.setImmediate(count)
  }
  return turn
}

/**
 * Whether the loop may have read nothing since the turn of that number: it reads between two counts,
 * and may still be handling earlier events.
 */
export const isSameTurn = (number: number): boolean => turn - number <= 1
