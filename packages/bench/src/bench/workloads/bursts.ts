import { setTimeout as sleep } from 'node:timers/promises'
import { runClosedLoop } from './closed-loop.ts'
import type { LoadTask } from './load-task.ts'
import type { SlotFactory } from './slot.ts'

/** Pauses, makes the requests of a burst at once, and repeats until all are made. */
export async function runBursts(
  task: LoadTask,
  createSlot: SlotFactory,
  { size, idleMs }: { readonly size: number; readonly idleMs: number },
): Promise<void> {
  for (let made = 0; made < task.amount; made += size) {
    await sleep(idleMs)
    const amount = Math.min(size, task.amount - made)
    // As many slots as requests: each begins one at once, and none begins a second.
    await runClosedLoop({ ...task, concurrency: amount, amount }, createSlot)
  }
}
