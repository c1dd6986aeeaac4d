import { once } from 'node:events'
import http from 'node:http'
import { createRequire } from 'node:module'
import process from 'node:process'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { HttpAgent } from '@holdfast/http-agent'
import { KeepAliveDispatcher } from '@holdfast/http-agent/undici'
import axios from 'axios'
import fetch3 from 'node-fetch'
import { Agent, type Dispatcher, request, fetch as undiciFetch } from 'undici'

/** What a client is asked for. */
export interface Asked {
  readonly url: string
  readonly method: 'GET' | 'POST'
  readonly body?: string | Readable
  readonly signal?: AbortSignal
}

export interface Answer {
  readonly status: number
  readonly body: string
}

/** A client that has been given an agent or a dispatcher, as its documentation says. */
export interface Client {
  readonly ask: (asked: Asked) => Promise<Answer>
}

type WithAgent = (agent: http.Agent) => Client | Promise<Client>
type WithDispatcher = (dispatcher: Dispatcher) => Client

/** A `fetch` as far as it is used here. */
type Fetch = (url: string, options: object) => Promise<{ status: number; text(): Promise<string> }>

const byFetch =
  (fetch: Fetch, pool: object): Client['ask'] =>
  async ({ url, ...options }) => {
    const upload = options.body instanceof Readable ? { duplex: 'half' } : {}
    const response = await fetch(url, { ...options, ...upload, ...pool })
    return { status: response.status, body: await response.text() }
  }

const require = createRequire(import.meta.url)
const fetch2 = require('node-fetch2') as Fetch

const withAxios: WithAgent = (httpAgent) => {
  const client = axios.create({ httpAgent, responseType: 'text', transformResponse: [] })
  return {
    ask: async ({ body: data, ...asked }) => {
      const response = await client.request<string>({ ...asked, ...(data ? { data } : {}) })
      return { status: response.status, body: response.data }
    },
  }
}

const withGot: WithAgent = async (agent) => {
  const { default: got } = await import('got')
  const client = got.extend({ agent: { http: agent }, retry: { limit: 0 } })
  return {
    ask: async ({ url, ...options }) => {
      const response = await client(url, options)
      return { status: response.statusCode, body: response.body }
    },
  }
}

const withHttp: WithAgent = (agent) => ({
  ask: async ({ url, body, ...options }) => {
    const outgoing = http.request(url, { ...options, agent })
    if (body instanceof Readable) body.pipe(outgoing)
    else outgoing.end(body)
    const [response] = (await once(outgoing, 'response')) as [http.IncomingMessage]
    return { status: response.statusCode ?? 0, body: await text(response) }
  },
})

const withRequest: WithDispatcher = (dispatcher) => ({
  ask: async ({ url, ...options }) => {
    const { statusCode, body } = await request(url, { ...options, dispatcher })
    return { status: statusCode, body: await body.text() }
  },
})

const major = Number(process.versions.node.split('.', 1)[0])

const BY_AGENT: Readonly<Record<string, WithAgent>> = {
  'http.request': withHttp,
  axios: withAxios,
  ...(major >= 22 ? { got: withGot } : {}),
  'node-fetch 2': (agent) => ({ ask: byFetch(fetch2, { agent }) }),
  'node-fetch 3': (agent) => ({ ask: byFetch(fetch3 as Fetch, { agent }) }),
}

const BY_DISPATCHER: Readonly<Record<string, WithDispatcher>> = {
  'undici.request': withRequest,
  'undici.fetch': (dispatcher) => ({ ask: byFetch(undiciFetch as Fetch, { dispatcher }) }),
  fetch: (dispatcher) => ({ ask: byFetch(fetch as Fetch, { dispatcher }) }),
}

/** A pool of connections of either side, and a client that has been given it. */
export interface Equipped extends Client {
  readonly leased: () => number
  readonly end: () => unknown
}

export interface KnownClient {
  readonly name: string
  readonly withOurs: () => Promise<Equipped>
  /** With Node's agent that keeps connections, or undici's. */
  readonly withTheirs: () => Promise<Equipped>
  /** Whether it fails, with theirs, where a kept connection has ended unnoticed. */
  readonly failsWithTheirs: boolean
}

const equip = async (
  client: Client | Promise<Client>,
  leased: () => number,
  destroy: () => unknown,
): Promise<Equipped> => {
  const { ask } = await client
  return { ask, leased, end: destroy }
}

const learnNothing = { policy: { learnIdleLimit: false } } as const

export const KNOWN_CLIENTS: readonly KnownClient[] = [
  ...Object.entries(BY_AGENT).map(
    ([name, create]): KnownClient => ({
      name,
      failsWithTheirs: true,
      withOurs: () => {
        const agent = new HttpAgent(learnNothing)
        return equip(
          create(agent),
          () => agent.stats().leased,
          () => agent.destroy(),
        )
      },
      withTheirs: () => {
        const agent = new http.Agent({ keepAlive: true })
        return equip(
          create(agent),
          () => 0,
          () => agent.destroy(),
        )
      },
    }),
  ),
  ...Object.entries(BY_DISPATCHER).map(
    ([name, create]): KnownClient => ({
      name,
      failsWithTheirs: false,
      withOurs: () => {
        const dispatcher = new KeepAliveDispatcher(learnNothing)
        return equip(
          create(dispatcher),
          () => dispatcher.stats().leased,
          () => dispatcher.destroy(),
        )
      },
      withTheirs: () => {
        const agent = new Agent()
        return equip(
          create(agent),
          () => 0,
          () => agent.destroy(),
        )
      },
    }),
  ),
]
