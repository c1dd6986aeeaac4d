import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { Caller } from '../callers/caller.ts'

/** For what is done with a connection after its last answer, and for the events behind it. */
const SETTLE_MS = 100

/** Twice, since what a finalizer lets go is collected by the next one. */
const COLLECTIONS = 2

/**
 * The memory that each idle connection of a client takes, in bytes: what the heap and what hangs on
 * it grow by when the connections are opened, used once and left.
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

/** V8 gives its collector only to those who ask with a flag, which may be set late. */
function collectGarbage(): void {
  if (collect === undefined) {
    setFlagsFromString('--expose-gc')
    collect = runInNewContext('gc') as () => void
  }
  collect()
}
