import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import type { LoadTask } from './load-task.ts'
import type { Slot, SlotFactory } from './slot.ts'

/**
 * Begins requests when they are due, whether or not earlier ones have ended, and counts latency
 * from then on: a client that stalls cannot hide the requests that it kept waiting. Timers have a
 * resolution of a millisecond, which is part of every latency.
 */
export async function runOpenLoop(
  { amount, origins }: LoadTask,
  createSlot: SlotFactory,
  rate: number,
): Promise<void> {
  const free: Slot[] = []
  let ended = 0
  let allEnded = (): void => undefined
  const end = new Promise<void>((resolve) => {
    allEnded = resolve
  })
  const done = (slot: Slot): void => {
    free.push(slot)
    ended += 1
    if (ended === amount) allEnded()
  }
  const startMs = performance.now()
  for (let started = 0; started < amount; ) {
    const dueMs = startMs + (started * 1000) / rate
    const waitMs = dueMs - performance.now()
    if (waitMs > 0) {
      await sleep(waitMs)
      continue
    }
    const slot = free.pop() ?? createSlot(done)
    slot.start(started % origins, dueMs)
    started += 1
  }
  await end
}
