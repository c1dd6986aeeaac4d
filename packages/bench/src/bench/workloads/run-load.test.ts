import { expect, it } from 'vitest'
import type { Caller, Exchange, InFlight } from '../callers/caller.ts'
import { LoadTally } from './load-tally.ts'
import type { LoadTask } from './load-task.ts'
import { runLoad } from './run-load.ts'
import type { Workload } from './workload.ts'

/** Client that answers when told to, or after a turn of the event loop. */
class FakeCaller implements Caller {
  readonly origins: number[] = []
  /** Requests in progress when each was made, itself included. */
  readonly inProgress: number[] = []
  destroyed = 0
  readonly #answer: (end: () => void, call: number) => void
  #open = 0

  constructor(answer: (end: () => void, call: number) => void = (end) => setImmediate(end)) {
    this.#answer = answer
  }

  call(origin: number, exchange: Exchange): InFlight {
    this.origins.push(origin)
    this.#open += 1
    this.inProgress.push(this.#open)
    this.#answer(() => {
      this.#open -= 1
      exchange.started(200, undefined)
      exchange.ended()
    }, this.origins.length)
    return {
      destroy: () => {
        this.destroyed += 1
      },
    }
  }

  async close(): Promise<void> {
    await Promise.resolve()
  }
}

function taskOf(workload: Workload, changes: Partial<LoadTask> = {}): LoadTask {
  return { workload, concurrency: 3, amount: 10, origins: 1, timeoutMs: 5000, seed: 1, ...changes }
}

async function run(caller: Caller, task: LoadTask): Promise<ReturnType<LoadTally['figures']>> {
  const tally = new LoadTally()
  await runLoad(caller, task, tally)
  return tally.figures()
}

it('keeps as many requests in progress as there are slots, and makes the exact amount', async () => {
  const caller = new FakeCaller()
  expect(await run(caller, taskOf({ kind: 'closed' }))).toMatchObject({ completed: 10, failed: 0 })
  expect(caller.inProgress.slice(0, 3)).toEqual([1, 2, 3])
  expect(Math.max(...caller.inProgress)).toBe(3)
})

it('lets origins take turns', async () => {
  const caller = new FakeCaller()
  await run(caller, taskOf({ kind: 'closed' }, { origins: 4, amount: 6 }))
  expect(caller.origins).toEqual([0, 1, 2, 3, 0, 1])
})

it('makes no more slots than requests', async () => {
  const caller = new FakeCaller()
  await run(caller, taskOf({ kind: 'closed' }, { concurrency: 9, amount: 2 }))
  expect(caller.inProgress).toEqual([1, 2])
})

it('begins a burst at once, and the next one when it has ended', async () => {
  const caller = new FakeCaller()
  await run(caller, taskOf({ kind: 'burst', size: 4, idleMs: 1 }))
  expect(caller.inProgress).toEqual([1, 2, 3, 4, 1, 2, 3, 4, 1, 2])
})

it('begins the requests of an open loop whether or not earlier ones have ended', async () => {
  const held: (() => void)[] = []
  const caller = new FakeCaller((end, call) => {
    held.push(end)
    if (call === 10) for (const each of held) each()
  })
  const figures = await run(caller, taskOf({ kind: 'open', rate: 2000 }))
  expect(caller.inProgress).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  // The first was due nine intervals of 500 µs before the last.
  expect(figures.latency.at(-1)?.[0]).toBeGreaterThan(4400)
})

it('counts the latency of an open loop from when a request was due', async () => {
  const blocked = new FakeCaller((end, call) => {
    // The loop is blocked, so that the second request is late, though it is answered at once.
    if (call === 1) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50)
    end()
  })
  const figures = await run(blocked, taskOf({ kind: 'open', rate: 1000 }, { amount: 2 }))
  const late = figures.latency.filter(([fromUs]) => fromUs > 45_000)
  expect(late.reduce((sum, [, count]) => sum + count, 0)).toBe(2)
})

it('pauses after each request of a slot', async () => {
  const caller = new FakeCaller((end) => end())
  const task = taskOf({ kind: 'gap', gapMs: 1, spread: 0.5 }, { concurrency: 2, amount: 6 })
  expect(await run(caller, task)).toMatchObject({ completed: 6 })
  expect(caller.origins).toHaveLength(6)
})

it('gives up what takes too long, counts it as failed, and goes on', async () => {
  const caller = new FakeCaller((end, call) => {
    if (call !== 1) setImmediate(end)
  })
  const figures = await run(caller, taskOf({ kind: 'closed' }, { timeoutMs: 20 }))
  expect(figures).toMatchObject({
    completed: 9,
    failed: 1,
    errors: { ['HOLDFAST_BENCH_TIMEOUT']: 1 },
  })
  expect(caller.destroyed).toBe(1)
})

it('counts one end of a request, whatever comes after it', async () => {
  const caller: Caller = {
    call: (_origin, exchange) => {
      exchange.failed(new Error('first'))
      exchange.ended()
      exchange.failed(new Error('again'))
    },
    close: () => Promise.resolve(),
  }
  const task = taskOf({ kind: 'closed' }, { amount: 4 })
  expect(await run(caller, task)).toMatchObject({ completed: 0, failed: 4, errors: { Error: 4 } })
})
