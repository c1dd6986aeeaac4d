import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { Caller } from '../callers/caller.ts'

/** Time for work that follows the last answer of a connection. */
const SETTLE_MS = 100

/** Collections in a row: finalizers release objects that only the next one collects. */
const COLLECTIONS = 2

/**
 * Memory of each idle connection of a client in bytes: growth of the heap and of external memory
 * after the connections have been opened and used once.
 */
export async function measureIdleMemory(
  createCaller: () => Promise<Caller>,
  openAll: (caller: Caller) => Promise<void>,
  connections: number,
): Promise<number> {
  const caller = await createCaller()
  try {
    const before = await settledMemory()
    await openAll(caller)
    return ((await settledMemory()) - before) / connections
  } finally {
    await caller.close()
  }
}

async function settledMemory(): Promise<number> {
  for (let collection = 0; collection < COLLECTIONS; collection++) {
    await sleep(SETTLE_MS)
    collectGarbage()
  }
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

let collect: (() => void) | undefined

/** V8 exposes its collector by a flag, which may be set late. */
function collectGarbage(): void {
  if (collect === undefined) {
    setFlagsFromString('--expose-gc')
    collect = runInNewContext('gc') as () => void
  }
  collect()
}
