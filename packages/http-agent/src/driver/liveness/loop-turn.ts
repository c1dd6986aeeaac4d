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
 * The number of the present turn of the event loop. Turns are counted only from where somebody asks on,
 * and until nobody has asked for a whole one; a turn in between may be counted as two.
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
 * Whether the loop may not have read, since the turn of that number, what was there to be read: it
 * reads between two counts, and may be at the events that came before.
 */
export const isSameTurn = (number: number): boolean => turn - number <= 1
