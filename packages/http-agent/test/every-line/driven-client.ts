import { once } from 'node:events'
import http from 'node:http'
import https from 'node:https'
import type { Socket } from 'node:net'
import { type DriverStats, HttpAgent, HttpsAgent } from '@holdfast/http-agent'
import { KeepAliveDispatcher } from '@holdfast/http-agent/undici'
import type { Dispatcher } from 'undici'
import { TEST_IDENTITY } from './loopback.ts'
import { UNDICI_VERSIONS, type Undici } from './undici-versions.ts'

/** What a process of a test sends its requests through. */
export type ClientName =
  | 'HttpAgent'
  | 'HttpsAgent'
  | 'http.Agent'
  | 'dispatcher on undici 7'
  | 'dispatcher on undici 8'

/** Options that agents and dispatchers both have, and those that agents alone have. */
export type ClientOptions = ConstructorParameters<typeof HttpAgent>[0] & object

export interface DrivenAnswer {
  readonly status: number
  readonly isReused: boolean
  /** Closes the connection that it came on, where it is known. */
  readonly destroy: () => void
}

/** An agent or a dispatcher, in words that fit both. */
export interface DrivenClient {
  /**
   * Sends a request, and reads the response.
   *
   * @throws Where it fails, and what aborts it; `isReused` then says of what connection.
   */
  readonly ask: (url: URL | string, method: string, signal?: AbortSignal) => Promise<DrivenAnswer>
  /** Counters and gauges, if they are ours. */
  readonly stats: () => DriverStats | undefined
  /** Kept when a connection is gone that was open by the time of the call. */
  readonly lost: () => Promise<unknown>
}

const BODIES: Readonly<Record<string, string>> = { POST: 'body' }

const describe = (error: unknown, isReused: boolean): Error =>
  Object.assign(error as Error, { isReused })

class AgentClient implements DrivenClient {
  readonly #agent: http.Agent
  #socket: Socket | undefined

  constructor(agent: http.Agent) {
    this.#agent = agent
  }

  async ask(url: URL | string, method: string, signal?: AbortSignal): Promise<DrivenAnswer> {
    const { request: send } = this.#agent instanceof https.Agent ? https : http
    const given = signal === undefined ? {} : { signal }
    const request = send(url, { agent: this.#agent, method, ...given })
    request.end(BODIES[method])
    try {
      const [response] = (await once(request, 'response')) as [http.IncomingMessage]
      const { socket } = response
      this.#socket = socket
      response.resume()
      await once(request, 'close')
      return {
        status: response.statusCode ?? 0,
        isReused: request.reusedSocket,
        destroy: () => socket.destroy(),
      }
    } catch (error) {
      throw describe(error, request.reusedSocket)
    }
  }

  stats(): DriverStats | undefined {
    const agent = this.#agent
    return agent instanceof HttpAgent || agent instanceof HttpsAgent ? agent.stats() : undefined
  }

  lost(): Promise<unknown> {
    return new Promise((resolve) => {
      this.#socket?.once('close', resolve)
    })
  }
}

class DispatcherClient implements DrivenClient {
  readonly #dispatcher: KeepAliveDispatcher
  readonly #undici: Undici

  constructor(dispatcher: KeepAliveDispatcher, undici: Undici) {
    this.#dispatcher = dispatcher
    this.#undici = undici
  }

  async ask(url: URL | string, method: string, signal?: AbortSignal): Promise<DrivenAnswer> {
    const { reuses } = this.#dispatcher.stats()
    const isReused = (): boolean => this.#dispatcher.stats().reuses > reuses
    try {
      const { statusCode, body } = await this.#undici.request(url, {
        dispatcher: this.#dispatcher as Dispatcher,
        method: method as Dispatcher.HttpMethod,
        body: BODIES[method] ?? null,
        signal: signal ?? null,
      })
      await body.dump()
      return { status: statusCode, isReused: isReused(), destroy: () => undefined }
    } catch (error) {
      throw describe(error, isReused())
    }
  }

  stats(): DriverStats {
    return this.#dispatcher.stats()
  }

  async lost(): Promise<unknown> {
    return await once(this.#dispatcher, 'disconnect')
  }
}

/** @throws Where this Node does not load the undici that is asked for. */
export const createClient = (name: ClientName, options: ClientOptions): DrivenClient => {
  if (name === 'http.Agent') return new AgentClient(new http.Agent(options as http.AgentOptions))
  if (name === 'HttpAgent') return new AgentClient(new HttpAgent(options))
  if (name === 'HttpsAgent') {
    return new AgentClient(new HttpsAgent({ ca: TEST_IDENTITY.cert, ...options }))
  }
  const version = UNDICI_VERSIONS.find((known) => name.endsWith(known.name))
  if (version === undefined) throw new RangeError(`this Node loads no ${name}`)
  const { undici } = version
  const { maxTotalSockets, policy = {} } = options
  const caps = maxTotalSockets === undefined ? {} : { maxTotalConnections: maxTotalSockets }
  return new DispatcherClient(new KeepAliveDispatcher({ undici, policy, ...caps }), undici)
}
