import { performance } from 'node:perf_hooks'
import type { Caller } from '../callers/caller.ts'
import { runBursts } from './bursts.ts'
import { runClosedLoop } from './closed-loop.ts'
import { runIdleGaps } from './idle-gaps.ts'
import type { LoadTally } from './load-tally.ts'
import type { LoadTask } from './load-task.ts'
import { runOpenLoop } from './open-loop.ts'
import { Slot, type SlotFactory } from './slot.ts'

/** Interval between two looks for requests that take too long. */
const WATCH_INTERVAL_MS = 100

/** Makes all requests of a task; resolves when each has ended, by an answer or an error. */
export async function runLoad(caller: Caller, task: LoadTask, tally: LoadTally): Promise<void> {
  const slots: Slot[] = []
  const createSlot: SlotFactory = (done) => {
    const slot = new Slot(caller, tally, done)
    slots.push(slot)
    return slot
  }
  const watch = setInterval(() => {
    const beforeMs = performance.now() - task.timeoutMs
    for (const slot of slots) slot.expire(beforeMs)
  }, WATCH_INTERVAL_MS)
  try {
    await runWorkload(task, createSlot)
  } finally {
    clearInterval(watch)
  }
}

async function runWorkload(task: LoadTask, createSlot: SlotFactory): Promise<void> {
  const { workload } = task
  switch (workload.kind) {
    case 'closed':
    case 'idle':
      return await runClosedLoop(task, createSlot)
    case 'open':
      return await runOpenLoop(task, createSlot, workload.rate)
    case 'burst':
      return await runBursts(task, createSlot, workload)
    case 'gap':
      return await runIdleGaps(task, createSlot, workload)
    default:
      return workload satisfies never
  }
}
