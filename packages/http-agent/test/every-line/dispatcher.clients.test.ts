import assert from 'node:assert/strict'
import { AsyncLocalStorage } from 'node:async_hooks'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import http from 'node:http'
import net, { type Socket } from 'node:net'
import { PassThrough, Readable, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { describe, it, type TestContext } from 'node:test'
import { KeepAliveDispatcher, type KeepAliveDispatcherOptions } from '@holdfast/http-agent/undici'
import type { Dispatcher } from 'undici'
import { listen, serveHttp, serveHttps, serveOnDemand, TEST_IDENTITY } from './loopback.ts'
import { turnUntil } from './turn.ts'
import { UNDICI_VERSIONS, type Undici } from './undici-versions.ts'

type FetchLike = (url: string, init: object) => Promise<Response>

const create = (
  context: TestContext,
  undici: Undici,
  options?: KeepAliveDispatcherOptions,
): KeepAliveDispatcher => {
  const dispatcher = new KeepAliveDispatcher({ undici, ...options })
  context.after(() => dispatcher.destroy())
  return dispatcher
}

const echo = (request: http.IncomingMessage, response: http.ServerResponse): void => {
  request.pipe(response)
}

/** Each fetch that there is: Node's, and those of undici. */
const FETCHES: ReadonlyMap<string, FetchLike> = new Map([
  ['the fetch of Node', globalThis.fetch as unknown as FetchLike],
  ...UNDICI_VERSIONS.map(({ name, undici }): [string, FetchLike] => [
    `the fetch of ${name}`,
    undici.fetch as unknown as FetchLike,
  ]),
])

const serveFetch = async (
  context: TestContext,
  undici: Undici,
  fetch: FetchLike,
): Promise<void> => {
  const { port, connectionCount } = await serveHttp(context, echo)
  const dispatcher = create(context, undici)
  const url = `http://127.0.0.1:${port}/`
  for (let count = 0; count < 3; count++) {
    const response = await fetch(url, { dispatcher, method: 'POST', body: 'hello' })
    assert.equal(await response.text(), 'hello')
  }
  const body = new Blob(['a stream']).stream()
  const streamed = await fetch(url, { dispatcher, method: 'POST', body, duplex: 'half' })
  assert.equal(await streamed.text(), 'a stream')
  assert.equal((await fetch(url, { dispatcher })).status, 200)
  assert.equal(connectionCount(), 1)
}

const abortWaitingFetch = async (
  context: TestContext,
  undici: Undici,
  fetch: FetchLike,
): Promise<void> => {
  const server = await serveOnDemand(context)
  const dispatcher = create(context, undici, { connections: 1 })
  const url = `http://127.0.0.1:${server.port}/`
  const first = fetch(url, { dispatcher })
  const { response } = await server.next()
  const controller = new AbortController()
  const second = fetch(url, { dispatcher, signal: controller.signal })
  await turnUntil(() => dispatcher.stats().queued > 0)
  controller.abort()
  await assert.rejects(second, { name: 'AbortError' })
  assert.equal(dispatcher.stats().queued, 0)
  response.end('ok')
  assert.equal(await (await first).text(), 'ok')
}

type Scenario = (context: TestContext, undici: Undici) => Promise<void>

const SCENARIOS: Readonly<Record<string, Scenario>> = {
  'serves fetch by TLS, by the name that the Host header gives': async (context, undici) => {
    const { port } = await serveHttps(context)
    const dispatcher = create(context, undici, { connect: { ca: TEST_IDENTITY.cert } })
    const { statusCode, body } = await undici.request(`https://127.0.0.1:${port}/`, {
      dispatcher: dispatcher as Dispatcher,
      headers: { host: 'a.holdfast.test' },
    })
    assert.equal(await body.text(), 'ok')
    assert.equal(statusCode, 200)
    const [row] = dispatcher.inspect()
    assert.ok(row?.origin.startsWith(`https://127.0.0.1:${port}#`))
    await assert.rejects(
      undici.request(`https://127.0.0.1:${port}/`, {
        dispatcher: dispatcher as Dispatcher,
        headers: { host: 'elsewhere.test' },
      }),
      { code: 'ERR_TLS_CERT_ALTNAME_INVALID' },
    )
  },

  'serves request, stream, pipeline and upgrade, as functions and as methods': async (
    context,
    undici,
  ) => {
    const { port, server } = await serveHttp(context, echo)
    server.on('upgrade', (_request, peer) => {
      peer.end('HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n')
    })
    const dispatcher = create(context, undici)
    const origin = `http://127.0.0.1:${port}`
    const asked = { origin, path: '/', method: 'POST' as const, body: 'hello' }
    assert.equal(await (await dispatcher.request(asked)).body.text(), 'hello')
    let text = ''
    const collect = (): Writable =>
      new Writable({
        write: (chunk, _encoding, done) => {
          text += chunk
          done()
        },
      })
    await dispatcher.stream(asked, collect)
    await undici.stream(origin, { ...asked, dispatcher: dispatcher as Dispatcher }, collect)
    await pipeline(
      Readable.from(['piped']),
      dispatcher.pipeline({ origin, path: '/', method: 'POST' }, ({ body }) => body),
      collect(),
    )
    assert.equal(text, 'hellohellopiped')
    const { socket } = await dispatcher.upgrade({ origin, path: '/', protocol: 'x' } as never)
    socket.destroy()
  },

  'serves whoever names no dispatcher': async (context, undici) => {
    const { port } = await serveHttp(context)
    const dispatcher = create(context, undici)
    const before = undici.getGlobalDispatcher()
    undici.setGlobalDispatcher(dispatcher as Dispatcher)
    context.after(() => undici.setGlobalDispatcher(before))
    assert.equal(await (await fetch(`http://127.0.0.1:${port}/`)).text(), 'ok')
    assert.equal(await (await undici.request(`http://127.0.0.1:${port}/`)).body.text(), 'ok')
    assert.equal(dispatcher.stats().leases, 2)
  },

  'stands under the interceptors of undici': async (context, undici) => {
    let requests = 0
    const { port } = await serveHttp(context, (request, response) => {
      requests++
      if (request.url === '/moved') response.writeHead(302, { location: '/' }).end()
      else if (request.url === '/busy' && requests % 2 === 1) response.writeHead(503).end()
      else response.writeHead(200, { 'cache-control': 'max-age=60' }).end('ok')
    })
    const base = create(context, undici)
    const { interceptors } = undici
    const dispatcher = base.compose(
      interceptors.dump(),
      interceptors.dns(),
      interceptors.retry({ minTimeout: 1 }),
      interceptors.redirect({ maxRedirections: 2 }),
      interceptors.cache(),
    )
    const origin = `http://localhost:${port}`
    for (const path of ['/busy', '/moved', '/cached', '/cached']) {
      const { statusCode, body } = await dispatcher.request({ origin, path, method: 'GET' })
      await body.dump()
      assert.equal(statusCode, 200, path)
    }
    assert.equal(requests, 5)
    assert.equal(base.stats().dials, 1)
  },

  'stands under a ProxyAgent': async (context, undici) => {
    const { port } = await serveHttp(context)
    let tunnels = 0
    const proxy = await listen(
      context,
      http.createServer().on('connect', (request, client: Socket) => {
        tunnels++
        const [host, targetPort] = String(request.url).split(':')
        const upstream = net.connect(Number(targetPort), host)
        upstream.on('connect', () => {
          client.write('HTTP/1.1 200 Connection established\r\n\r\n')
          upstream.pipe(client).pipe(upstream)
        })
        upstream.on('error', () => client.destroy())
        client.on('error', () => upstream.destroy())
      }),
    )
    const agent = new undici.ProxyAgent({
      uri: `http://127.0.0.1:${proxy.port}`,
      proxyTunnel: true,
      factory: (_origin: unknown, { connect }: { connect: never }) =>
        create(context, undici, { connect }) as Dispatcher,
    } as never)
    context.after(() => agent.destroy())
    for (let count = 0; count < 3; count++) {
      const { body } = await undici.request(`http://127.0.0.1:${port}/`, { dispatcher: agent })
      assert.equal(await body.text(), 'ok')
    }
    assert.equal(tunnels, 1)
  },

  'refuses a connection on which HTTP/2 was agreed': async (context, undici) => {
    const connect = (_options: unknown, callback: (error: null, socket: unknown) => void): void => {
      callback(null, Object.assign(new PassThrough(), { alpnProtocol: 'h2' }))
    }
    const dispatcher = create(context, undici, { connect: connect as never })
    await assert.rejects(
      dispatcher.request({ origin: 'http://127.0.0.1:1', path: '/', method: 'GET' }),
      { code: 'ERR_HOLDFAST_UNSUPPORTED' },
    )
  },

  'makes each request in its own async context': async (context, undici) => {
    const server = await serveOnDemand(context)
    const dispatcher = create(context, undici, { connections: 1 })
    const storage = new AsyncLocalStorage<string>()
    const seen: unknown[] = []
    const onCreate = (message: unknown): void => {
      const { request } = message as { readonly request: { readonly path: string } }
      seen.push([request.path, storage.getStore()])
    }
    subscribe('undici:request:create', onCreate)
    context.after(() => unsubscribe('undici:request:create', onCreate))
    const origin = `http://127.0.0.1:${server.port}`
    const asked = ['/1', '/2', '/3'].map((path) =>
      storage.run(path, () => dispatcher.request({ origin, path, method: 'GET' })),
    )
    for (let count = 0; count < 3; count++) (await server.next()).response.end()
    for (const { body } of await Promise.all(asked)) await body.dump()
    assert.deepEqual(seen, [
      ['/1', '/1'],
      ['/2', '/2'],
      ['/3', '/3'],
    ])
  },
}

for (const { name, undici } of UNDICI_VERSIONS) {
  describe(`a dispatcher on ${name}`, () => {
    for (const [fetchName, fetch] of FETCHES) {
      it(`serves ${fetchName}`, (context) => serveFetch(context as TestContext, undici, fetch))
      it(`lets ${fetchName} be aborted while it waits`, (context) =>
        abortWaitingFetch(context as TestContext, undici, fetch))
    }
    for (const [what, run] of Object.entries(SCENARIOS)) {
      it(what, (context) => run(context as TestContext, undici))
    }
  })
}
