import http from 'node:http'
import https from 'node:https'
import type { TestContext } from 'node:test'
import { type DriverStats, HttpAgent, HttpsAgent, type PolicyOptions } from '@holdfast/http-agent'
import { KeepAliveDispatcher } from '@holdfast/http-agent/undici'
import { TEST_IDENTITY } from './loopback.ts'
import { UNDICI_VERSIONS, type Undici } from './undici-versions.ts'

export interface Ask {
  readonly port: number
  readonly path?: string
  readonly method?: string
  readonly body?: string
  readonly signal?: AbortSignal
}

export interface Answer {
  readonly status: number
  readonly body: string
}

export interface Caps {
  readonly perOrigin?: number
  readonly total?: number
}

/** An agent or a dispatcher, in words that fit both. */
export interface PooledClient {
  readonly ask: (ask: Ask) => Promise<Answer>
  /** The agent or dispatcher itself. */
  readonly pool: { readonly stats: () => DriverStats }
  readonly stats: () => DriverStats
  readonly drain: (timeoutMs: number) => Promise<{ readonly outcome: string }>
  readonly warm: (port: number, count: number) => Promise<unknown>
  readonly destroy: () => void
}

export interface ClientKind {
  readonly name: string
  /** @param isSecure Whether it is to speak TLS; left out, it is not. */
  readonly create: (
    context: TestContext,
    policy?: PolicyOptions,
    caps?: Caps,
    isSecure?: boolean,
  ) => PooledClient
}

const askByAgent = (agent: http.Agent, ask: Ask): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const { body: sent, ...options } = ask
    const { request: send } = agent instanceof https.Agent ? https : http
    const request = send({ host: '127.0.0.1', agent, ...options }, (response) => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (text) => {
        body += text
      })
      // The socket is given back by then.
      request.on('close', () => resolve({ status: response.statusCode ?? 0, body }))
      response.on('error', reject)
    })
    request.on('error', reject)
    request.end(sent)
  })

const agentKind: ClientKind = {
  name: 'HttpAgent',
  create: (context, policy = {}, { perOrigin, total } = {}, isSecure = false) => {
    const options = {
      policy,
      ...(perOrigin === undefined ? {} : { maxSockets: perOrigin }),
      ...(total === undefined ? {} : { maxTotalSockets: total }),
    }
    const agent = isSecure
      ? new HttpsAgent({ ca: TEST_IDENTITY.cert, ...options })
      : new HttpAgent(options)
    context.after(() => agent.destroy())
    return {
      ask: (ask) => askByAgent(agent, ask),
      pool: agent,
      stats: () => agent.stats(),
      drain: (timeoutMs) => agent.drain({ timeoutMs }),
      warm: (port, count) => agent.warm(`${agent.protocol}//127.0.0.1:${port}`, count),
      destroy: () => agent.destroy(),
    }
  },
}

const dispatcherKind = (name: string, undici: Undici): ClientKind => ({
  name: `KeepAliveDispatcher on ${name}`,
  create: (context, policy = {}, { perOrigin, total } = {}, isSecure = false) => {
    const scheme = isSecure ? 'https' : 'http'
    const dispatcher = new KeepAliveDispatcher({
      undici,
      policy,
      connect: { ca: TEST_IDENTITY.cert },
      ...(perOrigin === undefined ? {} : { connections: perOrigin }),
      ...(total === undefined ? {} : { maxTotalConnections: total }),
    })
    context.after(() => dispatcher.destroy())
    return {
      ask: async ({ port, path = '/', ...options }) => {
        const { statusCode, body } = await undici.request(`${scheme}://127.0.0.1:${port}${path}`, {
          dispatcher,
          ...options,
        } as Parameters<Undici['request']>[1])
        return { status: statusCode, body: await body.text() }
      },
      pool: dispatcher,
      stats: () => dispatcher.stats(),
      drain: (timeoutMs) => dispatcher.drain({ timeoutMs }),
      warm: (port, count) => dispatcher.warm(`${scheme}://127.0.0.1:${port}`, count),
      destroy: () => {
        dispatcher.destroy().catch(() => undefined)
      },
    }
  },
})

/** Everything that stands on the pool. */
export const CLIENT_KINDS: readonly ClientKind[] = [
  agentKind,
  ...UNDICI_VERSIONS.map(({ name, undici }) => dispatcherKind(name, undici)),
]
