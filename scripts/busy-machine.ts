import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { seededRandom } from '../packages/bench/src/statistics/seeded-random.ts'
import { descendantsOf } from '../packages/bench/test/holdfast-process.ts'

const SPIN = 'for (;;);'

/** Keeps cores busy, until it is disposed of. */
export class Spinners implements AsyncDisposable {
  readonly #workers: readonly Worker[]

  constructor(count: number) {
    this.#workers = Array.from({ length: count }, () => new Worker(SPIN, { eval: true }))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()))
  }
}

const MAX_SLICE_MS = 6
/** So many slices later, processes that have been started meanwhile are stopped as well. */
const LOOK_EVERY = 20

/** Most pauses are those of a scheduler, a few those of a machine that has run out of everything. */
const pauseMs = (random: () => number): number => {
  const kind = random()
  if (kind < 0.01) return 1500 * random()
  return (kind < 0.06 ? 300 : 40) * random()
}

const signal = (pids: readonly number[], name: 'SIGSTOP' | 'SIGCONT'): void => {
  for (const pid of pids) {
    try {
      process.kill(pid, name)
    } catch {
      // It has ended meanwhile.
    }
  }
}

/**
 * Lets the descendants of a process run by slices of some milliseconds, some or all of them at a time,
 * until it is over: whatever a test takes for granted to come next may come last.
 */
export const runBySlices = async (
  pid: number,
  seed: number,
  isOver: () => boolean,
): Promise<void> => {
  const random = seededRandom(seed)
  let all: readonly number[] = []
  for (let slice = 0; !isOver(); slice++) {
    if (slice % LOOK_EVERY === 0) all = descendantsOf(pid)
    await sleep(MAX_SLICE_MS * random())
    const share = random() < 0.5 ? 1 : 0.5
    const stopped = all.filter(() => random() < share)
    signal(stopped, 'SIGSTOP')
    await sleep(pauseMs(random)).finally(() => signal(stopped, 'SIGCONT'))
  }
}
