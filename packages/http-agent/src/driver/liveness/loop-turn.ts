import { realTime } from '../real-time.ts'

let turn = 0
let isCounting = false

const count = (): void => {
  turn++
  isCounting = false
}

/** The number of the current turn of the event loop. It counts only the turns in which it is called. */
export const loopTurn = (): number => {
  if (!isCounting) {
    isCounting = true
    realTime.setImmediate(count)
  }
  return turn
}

/** Whether the turn with that number, in which {@link loopTurn} was called, has not ended. */
export const isSameTurn = (number: number): boolean => number === turn
