import assert from 'node:assert/strict'
import http, { type IncomingMessage, type RequestOptions } from 'node:http'
import https from 'node:https'
import { it, type TestContext } from 'node:test'
import { HttpAgent, HttpsAgent } from '@holdfast/http-agent'
import { type LoopbackServer, serveHttp, serveHttps, TEST_IDENTITY } from './loopback.ts'
import { turnUntil } from './turn.ts'

class OwnAgent extends HttpAgent {
  constructor() {
    super({ keepAlive: true, maxSockets: 5 })
  }
}

class OwnTlsAgent extends HttpsAgent {
  constructor() {
    super({ keepAlive: true, maxSockets: 5 })
  }
}

/** What a one-off request is compared with: what Node's own agents do. */
const GLOBAL_AGENTS = {
  http: [
    () => new http.Agent({ keepAlive: true }),
    () => new HttpAgent(),
    () => new HttpAgent({ policy: { maxRequestsPerConnection: 10 } }),
    () => new OwnAgent(),
  ],
  https: [
    () => new https.Agent({ keepAlive: true }),
    () => new HttpsAgent(),
    () => new HttpsAgent({ policy: { maxRequestsPerConnection: 10 } }),
    () => new OwnTlsAgent(),
  ],
} as const

/** How callers ask for no agent, as superagent and http-proxy do for each request. */
const REQUESTS: Readonly<Record<string, RequestOptions>> = {
  'a plain one': {},
  'one with a body': { method: 'POST' },
  'one with headers as an object': { headers: { accept: 'text/plain' } },
  'one with headers as an array': { headers: ['Accept', 'text/plain'] },
  'one that waits to continue': { method: 'POST', headers: { expect: '100-continue' } },
  'one that wants to be kept alive': { headers: { connection: 'keep-alive' } },
}

const PROTOCOLS = {
  http: { module: http, serve: serveHttp },
  https: { module: https, serve: serveHttps },
} as const

const makeGlobal = (context: TestContext, protocol: 'http' | 'https', agent: http.Agent): void => {
  const module = PROTOCOLS[protocol].module as { globalAgent: http.Agent }
  const before = module.globalAgent
  module.globalAgent = agent
  context.after(() => {
    module.globalAgent = before
    agent.destroy()
  })
}

interface Played {
  /** What the server read as the `Connection` header. */
  readonly connection: string | undefined
  /** What Node itself says of the connection. */
  readonly isKept: boolean
}

const play = async (
  protocol: 'http' | 'https',
  server: LoopbackServer,
  options: RequestOptions,
): Promise<Played> => {
  const request = PROTOCOLS[protocol].module.request({
    host: '127.0.0.1',
    port: server.port,
    agent: false,
    ...(protocol === 'https' ? { ca: TEST_IDENTITY.cert } : {}),
    ...options,
  } as https.RequestOptions)
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request.on('response', resolve)
    request.on('error', reject)
    request.end(options.method === 'POST' ? 'x' : undefined)
  })
  let body = ''
  response.setEncoding('utf8')
  response.on('data', (text) => {
    body += text
  })
  await new Promise((resolve) => {
    request.on('close', resolve)
  })
  const kept = (request as unknown as { readonly shouldKeepAlive: boolean }).shouldKeepAlive
  return { connection: body, isKept: kept }
}

for (const protocol of ['http', 'https'] as const) {
  for (const [what, options] of Object.entries(REQUESTS)) {
    it(`serves one request by an agent of its own, and keeps nothing: ${protocol}, ${what}`, async (context) => {
      const played: Played[] = []
      for (const createAgent of GLOBAL_AGENTS[protocol]) {
        let open = 0
        const server = await PROTOCOLS[protocol].serve(
          context as TestContext,
          (request, response) => {
            response.end(request.headers.connection)
          },
        )
        server.server.on('connection', (socket) => {
          open++
          socket.on('close', () => open--)
        })
        const agent = createAgent()
        makeGlobal(context as TestContext, protocol, agent)
        played.push(await play(protocol, server, options))
        await turnUntil(() => open === 0)
        assert.equal(Object.keys(agent.freeSockets).length, 0)
      }
      const [node, ...ours] = played
      for (const each of ours) assert.deepEqual(each, node)
    })
  }
}

it('keeps the connections of an agent that was made without options', async (context) => {
  const server = await serveHttp(context as TestContext)
  const agent = new HttpAgent()
  assert.equal(agent.constructor, HttpAgent)
  context.after(() => agent.destroy())
  await play('http', server, { agent })
  await turnUntil(() => agent.stats().idle === 1)
  assert.equal(agent.keepAlive, true)
})
