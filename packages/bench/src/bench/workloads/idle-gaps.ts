import { seededRandom } from '../../statistics/seeded-random.ts'
import type { LoadTask } from './load-task.ts'
import type { Slot, SlotFactory } from './slot.ts'

/** Lets each slot pause after a request, so that its connection is idle that long. */
export async function runIdleGaps(
  { concurrency, amount, origins, seed }: LoadTask,
  createSlot: SlotFactory,
  { gapMs, spread }: { readonly gapMs: number; readonly spread: number },
): Promise<void> {
  const random = seededRandom(seed)
  let started = 0
  let running = Math.min(concurrency, amount)
  await new Promise<void>((resolve) => {
    const next = (slot: Slot): void => {
      if (started === amount) {
        running -= 1
        if (running === 0) resolve()
        return
      }
      const origin = started % origins
      started += 1
      slot.start(origin)
    }
    const pause = (slot: Slot): void => {
      if (started === amount) next(slot)
      else setTimeout(next, gapMs * (1 + spread * (2 * random() - 1)), slot)
    }
    for (const slot of Array.from({ length: running }, () => createSlot(pause))) next(slot)
  })
}
