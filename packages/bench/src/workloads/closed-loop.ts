import { setImmediate as nextTurn } from 'node:timers/promises'
import type { LoadTask } from './load-task.ts'
import type { SlotFactory } from './run-load.ts'
import type { Slot } from './slot.ts'

/**
 * Each slot begins its next request when its last one has ended.
 *
 * @param startsPerTurn How many slots begin in one turn of the event loop; all of them by default.
 */
export async function runClosedLoop(
  { concurrency, amount, origins }: LoadTask,
  createSlot: SlotFactory,
  startsPerTurn: number = concurrency,
): Promise<void> {
  let started = 0
  let running = Math.min(concurrency, amount)
  let end: () => void = () => undefined
  const allEnded = new Promise<void>((resolve) => {
    end = resolve
  })
  const next = (slot: Slot): void => {
    if (started < amount) {
      const origin = started % origins
      started += 1
      slot.start(origin)
      return
    }
    running -= 1
    if (running === 0) end()
  }
  const slots = Array.from({ length: running }, () => createSlot(next))
  for (const [index, slot] of slots.entries()) {
    if (index > 0 && index % startsPerTurn === 0) await nextTurn()
    next(slot)
  }
  await allEnded
}
