import type { LoadTask } from './load-task.ts'
import type { Slot, SlotFactory } from './slot.ts'

/** Lets each slot begin its next request when its last one has ended. */
export async function runClosedLoop(
  { concurrency, amount, origins }: LoadTask,
  createSlot: SlotFactory,
): Promise<void> {
  let started = 0
  let running = Math.min(concurrency, amount)
  await new Promise<void>((resolve) => {
    const next = (slot: Slot): void => {
      if (started < amount) {
        const origin = started % origins
        started += 1
        slot.start(origin)
        return
      }
      running -= 1
      if (running === 0) resolve()
    }
    for (const slot of Array.from({ length: running }, () => createSlot(next))) next(slot)
  })
}
