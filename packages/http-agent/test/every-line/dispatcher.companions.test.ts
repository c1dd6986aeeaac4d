/* The other parts of undici, with the dispatcher behind or below them. */
import assert from 'node:assert/strict'
import http from 'node:http'
import net, { type Socket } from 'node:net'
import { describe, it, type TestContext } from 'node:test'
import { gzipSync } from 'node:zlib'
import { KeepAliveDispatcher, type KeepAliveDispatcherOptions } from '@holdfast/http-agent/undici'
import type { Dispatcher } from 'undici'
import { listen, serveHttp } from './loopback.ts'
import { recordBy } from './recording-handler.ts'
import { UNDICI_VERSIONS, type Undici } from './undici-versions.ts'

/** Dispatchers that the test, or undici, makes on its behalf. */
const dispatchersOf = (
  context: TestContext,
  undici: Undici,
): ((options?: KeepAliveDispatcherOptions) => KeepAliveDispatcher) & {
  readonly made: KeepAliveDispatcher[]
} => {
  const made: KeepAliveDispatcher[] = []
  context.after(() => Promise.all(made.map((dispatcher) => dispatcher.destroy())))
  const create = (options: KeepAliveDispatcherOptions = {}): KeepAliveDispatcher => {
    const dispatcher = new KeepAliveDispatcher({ undici, ...options })
    made.push(dispatcher)
    return dispatcher
  }
  return Object.assign(create, { made })
}

interface Proxy {
  readonly uri: string
  readonly tunnelCount: () => number
  readonly forwardedCount: () => number
}

/** A proxy that opens tunnels, and forwards what names a whole URL. */
const serveProxy = async (context: TestContext): Promise<Proxy> => {
  let [tunnels, forwarded] = [0, 0]
  const server = http.createServer((request, response) => {
    forwarded++
    http.get(String(request.url), (answer) => answer.pipe(response))
  })
  server.on('connect', (request, client: Socket) => {
    tunnels++
    const [host, port] = String(request.url).split(':')
    const upstream = net.connect(Number(port), host)
    upstream.on('connect', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n')
      upstream.pipe(client).pipe(upstream)
    })
    upstream.on('error', () => client.destroy())
    client.on('error', () => upstream.destroy())
  })
  const { port } = await listen(context, server)
  return {
    uri: `http://127.0.0.1:${port}`,
    tunnelCount: () => tunnels,
    forwardedCount: () => forwarded,
  }
}

/** How undici lets its agents be given pools of another kind. */
type Factory = (origin: unknown, options: { readonly connect: never }) => Dispatcher

type Scenario = (context: TestContext, undici: Undici) => Promise<void>

const SCENARIOS: Readonly<Record<string, Scenario>> = {
  'stands under decompress, deduplicate and responseError': async (context, undici) => {
    let requestCount = 0
    const { port } = await serveHttp(context, (request, response) => {
      requestCount++
      if (request.url === '/wrong') {
        response.writeHead(500, { 'content-type': 'text/plain' }).end('why')
        return
      }
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('unpacked'))
    })
    const create = dispatchersOf(context, undici)
    const { interceptors } = undici
    const base = create()
    const dispatcher = base.compose(
      interceptors.decompress(),
      interceptors.responseError(),
      interceptors.deduplicate(),
    )
    const origin = `http://127.0.0.1:${port}`
    const answers = await Promise.all(
      Array.from({ length: 3 }, async () => {
        const { body } = await dispatcher.request({ origin, path: '/', method: 'GET' })
        return await body.text()
      }),
    )
    assert.deepEqual(answers, ['unpacked', 'unpacked', 'unpacked'])
    assert.equal(requestCount, 1)
    await assert.rejects(dispatcher.request({ origin, path: '/wrong', method: 'GET' }), {
      statusCode: 500,
      body: 'why',
    })
    assert.equal(base.stats().dials, 1)
  },

  'stands under retry, which tries again what was answered in part': async (context, undici) => {
    let requestCount = 0
    const { port } = await serveHttp(context, (request, response) => {
      requestCount++
      if (request.headers.range === undefined) {
        response.writeHead(200, { 'content-length': 6, etag: '"a"' })
        response.write('abc', () => request.socket.destroy())
        return
      }
      const headers = { 'content-range': 'bytes 3-5/6', 'content-length': 3, etag: '"a"' }
      response.writeHead(206, headers).end('def')
    })
    const dispatcher = dispatchersOf(context, undici)().compose(
      undici.interceptors.retry({ minTimeout: 1 }),
    )
    const { body } = await dispatcher.request({
      origin: `http://127.0.0.1:${port}`,
      path: '/',
      method: 'GET',
    })
    assert.equal(await body.text(), 'abcdef')
    assert.equal(requestCount, 2)
  },

  'lets a MockAgent answer a handler without a controller': async (context, undici) => {
    const agent = dispatchersOf(context, undici)()
    const mocks = new undici.MockAgent({ agent })
    const origin = 'http://mocked.test'
    mocks.get(origin).intercept({ path: '/' }).reply(200, 'mocked')
    const recorder = recordBy('legacy callbacks', {})
    mocks.dispatch({ origin, path: '/', method: 'GET' }, recorder.handler)
    await recorder.done
    assert.deepEqual(recorder.heard.slice(0, 3), [['start'], ['response', 200], ['data', 'mocked']])
  },

  'is the pool of an Agent, which closes it when it has no connection left': async (
    context,
    undici,
  ) => {
    const { port } = await serveHttp(context)
    const create = dispatchersOf(context, undici)
    const factory: Factory = () => create({ policy: { idleTimeoutMs: 20 } }) as Dispatcher
    const agent = new undici.Agent({ factory } as never)
    context.after(() => agent.destroy())
    const { body } = await undici.request(`http://127.0.0.1:${port}/`, { dispatcher: agent })
    assert.equal(await body.text(), 'ok')
    assert.equal(create.made[0]?.stats().leases, 1)
    await agent.close()
    assert.equal(create.made[0]?.destroyed, true)
  },

  'is what a ProxyAgent calls its proxy and its servers through': async (context, undici) => {
    const { port } = await serveHttp(context)
    const proxy = await serveProxy(context)
    const create = dispatchersOf(context, undici)
    const make: Factory = (_origin, { connect }) =>
      create(connect === undefined ? {} : { connect }) as Dispatcher
    const agent = new undici.ProxyAgent({
      uri: proxy.uri,
      proxyTunnel: true,
      clientFactory: make,
      factory: make,
    } as never)
    context.after(() => agent.destroy())
    for (let count = 0; count < 3; count++) {
      const { body } = await undici.request(`http://127.0.0.1:${port}/`, { dispatcher: agent })
      assert.equal(await body.text(), 'ok')
    }
    assert.deepEqual([proxy.tunnelCount(), proxy.forwardedCount()], [1, 0])
    assert.equal(create.made.length, 2)
  },

  'says what is missing where a ProxyAgent does not tunnel': async (context, undici) => {
    const { port } = await serveHttp(context)
    const proxy = await serveProxy(context)
    const create = dispatchersOf(context, undici)
    const agent = new undici.ProxyAgent({
      uri: proxy.uri,
      proxyTunnel: false,
      factory: () => create() as Dispatcher,
    } as never)
    context.after(() => agent.destroy())
    await assert.rejects(undici.request(`http://127.0.0.1:${port}/`, { dispatcher: agent }), {
      code: 'ERR_HOLDFAST_UNSUPPORTED',
      message: /set proxyTunnel: true/u,
    })
  },

  'is what an EnvHttpProxyAgent calls its proxy and its servers through': async (
    context,
    undici,
  ) => {
    const { port } = await serveHttp(context)
    const proxy = await serveProxy(context)
    const create = dispatchersOf(context, undici)
    const make: Factory = (_origin, { connect }) =>
      create(connect === undefined ? {} : { connect }) as Dispatcher
    const agent = new undici.EnvHttpProxyAgent({
      httpProxy: proxy.uri,
      noProxy: 'localhost',
      proxyTunnel: true,
      clientFactory: make,
      factory: make,
    } as never)
    context.after(() => agent.destroy())
    for (const host of ['127.0.0.1', 'localhost', '127.0.0.1']) {
      const { body } = await undici.request(`http://${host}:${port}/`, { dispatcher: agent })
      assert.equal(await body.text(), 'ok')
    }
    assert.equal(proxy.tunnelCount(), 1)
    assert.equal(create.made.length, 3)
  },
}

for (const { name, undici } of UNDICI_VERSIONS) {
  describe(`a dispatcher on ${name}`, () => {
    for (const [what, run] of Object.entries(SCENARIOS)) {
      it(what, (context) => run(context as TestContext, undici))
    }
  })
}
