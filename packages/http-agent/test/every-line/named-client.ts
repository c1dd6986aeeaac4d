import http from 'node:http'
import https from 'node:https'
import type { TestContext } from 'node:test'
import {
  HttpAgent,
  type HttpAgentOptions,
  HttpsAgent,
  type PolicyOptions,
} from '@holdfast/http-agent'
import { KeepAliveDispatcher } from '@holdfast/http-agent/undici'
import { TEST_IDENTITY } from './loopback.ts'
import { UNDICI_VERSIONS, type Undici } from './undici-versions.ts'

export const NAME = 'many.holdfast.test'

/** Options that agents and dispatchers share; the latter have them in `connect`. */
export interface DialOptions {
  readonly lookup?: http.RequestOptions['lookup']
  readonly localAddress?: string
  readonly family?: number
  readonly hints?: number
  readonly autoSelectFamily?: boolean
  readonly autoSelectFamilyAttemptTimeout?: number
}

/** An agent or a dispatcher that dials a name. */
export interface NamedClient {
  /** @returns What the server has answered. */
  readonly ask: (port: number, host?: string) => Promise<string>
  readonly pool: HttpAgent | HttpsAgent | KeepAliveDispatcher
}

export interface NamedClientKind {
  readonly name: string
  readonly isSecure: boolean
  readonly create: (
    context: TestContext,
    options?: DialOptions & { readonly policy?: PolicyOptions; readonly perOrigin?: number },
  ) => NamedClient
}

const askByAgent = (agent: HttpAgent | HttpsAgent, host: string, port: number): Promise<string> =>
  new Promise((resolve, reject) => {
    const { request: send } = agent instanceof https.Agent ? https : http
    const request = send({ host, port, agent }, (response) => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (text) => {
        body += text
      })
      request.on('close', () => resolve(body))
      response.on('error', reject)
    })
    request.on('error', reject)
    request.end()
  })

const agentKind = (isSecure: boolean): NamedClientKind => ({
  name: isSecure ? 'HttpsAgent' : 'HttpAgent',
  isSecure,
  create: (context, { perOrigin, ...options } = {}) => {
    const given = {
      ...options,
      ...(perOrigin === undefined ? {} : { maxSockets: perOrigin }),
    } as HttpAgentOptions
    const agent = isSecure
      ? new HttpsAgent({ ca: TEST_IDENTITY.cert, ...given })
      : new HttpAgent(given)
    context.after(() => agent.destroy())
    return { ask: (port, host = NAME) => askByAgent(agent, host, port), pool: agent }
  },
})

const dispatcherKind = (name: string, undici: Undici, isSecure: boolean): NamedClientKind => ({
  name: `KeepAliveDispatcher on ${name}, ${isSecure ? 'TLS' : 'TCP'}`,
  isSecure,
  create: (context, { policy = {}, perOrigin, localAddress, ...options } = {}) => {
    const dispatcher = new KeepAliveDispatcher({
      undici,
      policy,
      connect: { ca: TEST_IDENTITY.cert, ...options } as object,
      ...(localAddress === undefined ? {} : { localAddress }),
      ...(perOrigin === undefined ? {} : { connections: perOrigin }),
    })
    context.after(() => dispatcher.destroy())
    return {
      ask: async (port, host = NAME) => {
        const url = `${isSecure ? 'https' : 'http'}://${host}:${port}/`
        const { body } = await undici.request(url, { dispatcher } as Parameters<
          Undici['request']
        >[1])
        return await body.text()
      },
      pool: dispatcher,
    }
  },
})

/** Everything that stands on the pool, over TCP and TLS. */
export const NAMED_CLIENT_KINDS: readonly NamedClientKind[] = [false, true].flatMap((isSecure) => [
  agentKind(isSecure),
  ...UNDICI_VERSIONS.map(({ name, undici }) => dispatcherKind(name, undici, isSecure)),
])
