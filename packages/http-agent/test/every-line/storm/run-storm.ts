import { setImmediate as turn } from 'node:timers/promises'
import { randomSequence } from '../random-sequence.ts'
import { judgeStorm, type StormOutcome, type StormVerdict } from './judge-storm.ts'
import type { StormCaller, StormRequest } from './storm-caller.ts'
import type { StormClient } from './storm-clients.ts'
import { startStormServer } from './storm-server.ts'

export interface StormOptions {
  readonly seed: number
  /** How many requests of each kind, safe ones and POSTs. */
  readonly requestsEach: number
  readonly client: Omit<StormClient, 'isOurs'>
}

/** How many requests are under way at once. */
const CONCURRENCY = 16
const MAX_BLOCK_MS = 12
const BLOCK_SHARE = 0.02
const PAUSE_SHARE = 0.3
const MAX_PAUSE_MS = 8
const STREAMED_SHARE = 0.1
const LARGE_SHARE = 0.05
/** More than a socket takes at once. */
const LARGE_LENGTH = 300_000
/** What a server says that has given up waiting for a request just as it came. */
const REQUEST_TIMEOUT = 408

const sleeper = new Int32Array(new SharedArrayBuffer(4))

class StormLoad {
  readonly #caller: StormCaller
  readonly #count: number
  readonly #origin: string
  readonly #random: () => number
  readonly #outcomes: StormOutcome[] = []
  #begunCount = 0

  constructor({ client, requestsEach, seed }: StormOptions, caller: StormCaller, port: number) {
    this.#caller = caller
    this.#count = requestsEach * 2
    this.#origin = `${client.isSecure ? 'https' : 'http'}://127.0.0.1:${port}`
    this.#random = randomSequence(seed + 1)
  }

  async run(): Promise<readonly StormOutcome[]> {
    await Promise.all(Array.from({ length: CONCURRENCY }, () => this.#askInTurn()))
    this.#caller.destroy()
    return this.#outcomes
  }

  async #askInTurn(): Promise<void> {
    while (this.#begunCount < this.#count) {
      this.#outcomes.push(await this.#ask(this.#draw(this.#begunCount++)))
      if (this.#random() < BLOCK_SHARE) {
        Atomics.wait(sleeper, 0, 0, this.#random() * MAX_BLOCK_MS)
      } else if (this.#random() < PAUSE_SHARE) {
        await this.#pause()
      }
    }
  }

  async #pause(): Promise<void> {
    const delayMs = Math.floor(this.#random() * MAX_PAUSE_MS)
    if (delayMs === 0) await turn()
    else await new Promise((resolve) => setTimeout(resolve, delayMs))
  }

  #draw(id: number): StormRequest {
    const request = { id, origin: this.#origin, path: `/${id}` }
    if (id % 2 === 0) return { ...request, method: 'GET', body: undefined, isStreamed: false }
    const body = `body of ${id}`.padEnd(this.#random() < LARGE_SHARE ? LARGE_LENGTH : 0)
    return { ...request, method: 'POST', body, isStreamed: this.#random() < STREAMED_SHARE }
  }

  async #ask(request: StormRequest): Promise<StormOutcome> {
    const { id, method } = request
    try {
      const { status, body } = await this.#caller.send(request)
      const answer = status === REQUEST_TIMEOUT ? String(id) : body
      return { id, method, error: undefined, answer }
    } catch (error) {
      return { id, method, error: error as Error, answer: undefined }
    }
  }
}

/** Sends a client's requests to a server that ends its connections in all the ways there are. */
export const runStorm = async (options: StormOptions): Promise<StormVerdict> => {
  const { seed, client } = options
  const server = await startStormServer({ seed, isSecure: client.isSecure })
  try {
    const caller = client.create()
    const outcomes = await new StormLoad(options, caller, server.port).run()
    return judgeStorm(outcomes, await server.readLog(), caller.describesFailures)
  } finally {
    await server.close()
  }
}
