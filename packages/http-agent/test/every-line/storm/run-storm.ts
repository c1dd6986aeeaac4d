import http from 'node:http'
import https from 'node:https'
import { setImmediate as turn } from 'node:timers/promises'
import { randomSequence } from '../random-sequence.ts'
import { judgeStorm, type StormOutcome, type StormVerdict } from './judge-storm.ts'
import { startStormServer } from './storm-server.ts'

export interface StormOptions {
  readonly seed: number
  readonly isSecure: boolean
  /** How many requests of each kind, safe ones and POSTs. */
  readonly requestsEach: number
  readonly createAgent: () => http.Agent
}

/** How many requests are under way at once. */
const CONCURRENCY = 16
/** A client waits for an answer no longer than this. */
const PATIENCE_MS = 30_000
const MAX_BLOCK_MS = 12
const BLOCK_SHARE = 0.02
const PAUSE_SHARE = 0.3
const MAX_PAUSE_MS = 8

const sleeper = new Int32Array(new SharedArrayBuffer(4))

class StormClient {
  readonly #options: StormOptions
  readonly #agent: http.Agent
  readonly #port: number
  readonly #random: () => number
  readonly #outcomes: StormOutcome[] = []
  #begunCount = 0

  constructor(options: StormOptions, port: number) {
    this.#options = options
    this.#agent = options.createAgent()
    this.#port = port
    this.#random = randomSequence(options.seed + 1)
  }

  async run(): Promise<readonly StormOutcome[]> {
    await Promise.all(Array.from({ length: CONCURRENCY }, () => this.#askInTurn()))
    this.#agent.destroy()
    return this.#outcomes
  }

  async #askInTurn(): Promise<void> {
    const count = this.#options.requestsEach * 2
    while (this.#begunCount < count) {
      const id = this.#begunCount++
      this.#outcomes.push(await this.#ask(id, id % 2 === 0 ? 'GET' : 'POST'))
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

  #ask(id: number, method: 'GET' | 'POST'): Promise<StormOutcome> {
    const { isSecure } = this.#options
    const body = method === 'POST' ? `body of ${id}` : ''
    return new Promise((resolve) => {
      const outgoing = (isSecure ? https : http).request({
        agent: this.#agent,
        host: '127.0.0.1',
        port: this.#port,
        method,
        path: `/${id}`,
        headers: { 'Content-Length': body.length },
        signal: AbortSignal.timeout(PATIENCE_MS),
      })
      const fail = (error: Error): void => resolve({ id, method, error, answer: undefined })
      outgoing.on('error', fail)
      outgoing.on('response', (response) => {
        let answer = ''
        // What a server says that has given up waiting for a request just as it came.
        if (response.statusCode === 408) answer = String(id)
        response.on('data', (bytes) => {
          answer += bytes
        })
        response.on('error', fail)
        response.on('end', () => resolve({ id, method, error: undefined, answer }))
      })
      outgoing.end(body)
    })
  }
}

/** Sends requests through an agent to a server that ends its connections in all the ways there are. */
export const runStorm = async (options: StormOptions): Promise<StormVerdict> => {
  const { seed, isSecure } = options
  const server = await startStormServer({ seed, isSecure })
  try {
    const outcomes = await new StormClient(options, server.port).run()
    return judgeStorm(outcomes, await server.readLog())
  } finally {
    await server.close()
  }
}
