import assert from 'node:assert/strict'
import dns from 'node:dns'
import http from 'node:http'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { describe, it, mock, type TestContext } from 'node:test'
import { HttpAgent } from '@holdfast/http-agent'
import { KeepAliveDispatcher } from '@holdfast/http-agent/undici'
import { exchange } from './exchange.ts'
import { forTest, listen, serveHttp } from './loopback.ts'
import { NAME, NAMED_CLIENT_KINDS } from './named-client.ts'
import { openBlackHole, scriptedResolver, serveAtAll } from './named-servers.ts'
import { UNDICI_VERSIONS } from './undici-versions.ts'

/** Node's agents know proxies since 22.21 and 24.5. */
const knowsProxies = Number.parseInt(process.versions.node, 10) >= 22

const TWO = ['127.0.0.1', '127.0.0.2'] as const

/** One that writes down with what it is called. */
const recordingResolver = (...addresses: readonly string[]) => {
  const resolver = scriptedResolver(...addresses)
  const asked: { readonly family: unknown; readonly hints: unknown; readonly all: unknown }[] = []
  const lookup: net.LookupFunction = (host, options, callback) => {
    const { family, hints, all } = options
    asked.push({ family, hints, all })
    resolver.lookup(host, options, callback)
  }
  return { lookup, asked }
}

for (const { name, isSecure, create } of NAMED_CLIENT_KINDS.filter((kind) => !kind.isSecure)) {
  describe(`${name} leaves it to its caller`, () => {
    it('whether names concern it at all', async (context) => {
      const test = context as TestContext
      const { port, servers } = await serveAtAll(test, TWO, isSecure)
      const { lookup, calls } = scriptedResolver(...TWO)
      const { ask, pool } = create(test, { lookup, policy: { addresses: false } })
      await Promise.all([ask(port), ask(port), ask(port)])
      assert.equal(calls.length, 3)
      assert.equal(servers[1]?.connectionCount, 0)
      const [origin] = Object.values(pool.stats().origins)
      assert.deepEqual(origin?.addresses, [])
    })

    it('whether connections are spread', async (context) => {
      const test = context as TestContext
      const { port, servers } = await serveAtAll(test, TWO, isSecure)
      const { lookup, calls } = scriptedResolver(...TWO)
      const { ask } = create(test, { lookup, policy: { addresses: { spread: false } } })
      await Promise.all([ask(port), ask(port), ask(port)])
      assert.equal(calls.length, 1)
      assert.equal(servers[0]?.connectionCount, 3)
    })

    it('of which family addresses are, and how they are looked for', async (context) => {
      const test = context as TestContext
      const { port } = await serveAtAll(test, TWO, isSecure)
      const { lookup, asked } = recordingResolver('127.0.0.1')
      const { ask } = create(test, { lookup, family: 4, hints: 0 })
      assert.equal(await ask(port), '127.0.0.1')
      assert.equal(asked.length, 1)
      assert.equal(asked[0]?.family, 4)
      assert.ok(!asked[0]?.all)
    })

    it('which address it dials from, and so which it can reach', async (context) => {
      const test = context as TestContext
      const { port, servers } = await serveAtAll(test, TWO, isSecure)
      const peers: unknown[] = []
      for (const { server } of servers) {
        server.on('connection', ({ remoteAddress }: net.Socket) => peers.push(remoteAddress))
      }
      mock.method(dns, 'lookup', scriptedResolver('::1', ...TWO).lookup)
      test.after(() => mock.restoreAll())
      const { ask } = create(test, { localAddress: '127.0.0.7' })
      assert.deepEqual((await Promise.all([ask(port), ask(port)])).toSorted(), TWO)
      assert.deepEqual(peers, ['127.0.0.7', '127.0.0.7'])
    })
  })

  describe(`${name} leaves it to its caller, of one dial,`, () => {
    it('whether it tries several addresses', async (context) => {
      const test = context as TestContext
      const { port, servers } = await serveAtAll(test, ['127.0.0.2'], isSecure)
      const { lookup } = scriptedResolver(...TWO)
      const { ask } = create(test, { lookup, autoSelectFamily: false })
      const error = await ask(port).catch((failure: unknown) => failure)
      assert.ok(error instanceof Error && !(error instanceof AggregateError))
      assert.equal((error as NodeJS.ErrnoException).code, 'ECONNREFUSED')
      assert.equal(servers[0]?.connectionCount, 0)
    })

    it('how long an address has to answer', async (context) => {
      const test = context as TestContext
      const { port } = await serveAtAll(test, ['127.0.0.2'], isSecure)
      await openBlackHole(test, port, '127.0.0.1')
      const { lookup } = scriptedResolver(...TWO)
      const policy = { addresses: { attemptTimeoutMs: 2_000_000 } }
      const { ask } = create(test, { lookup, policy, autoSelectFamilyAttemptTimeout: 10 })
      assert.equal(await ask(port), '127.0.0.2')
    })

    it('what is no name', async (context) => {
      const test = context as TestContext
      const { port } = await serveAtAll(test, ['127.0.0.1'], isSecure)
      const { lookup, calls } = scriptedResolver('127.0.0.2')
      const { ask, pool } = create(test, { lookup })
      assert.equal(await ask(port, '127.0.0.1'), '127.0.0.1')
      assert.deepEqual(calls, [])
      assert.deepEqual(Object.values(pool.stats().origins)[0]?.addresses, [])
    })
  })
}

describe('HttpAgent leaves it to its caller', () => {
  it('how connections are made', async (context) => {
    const test = context as TestContext
    const { port, servers } = await serveAtAll(test, TWO)
    const { lookup, calls } = scriptedResolver(...TWO)
    const given: unknown[] = []
    class Own extends HttpAgent {
      override createConnection(options: http.ClientRequestArgs): net.Socket {
        given.push(options.lookup)
        return net.connect(options as net.TcpNetConnectOpts)
      }
    }
    const agent = forTest(test, new Own({ lookup }))
    await Promise.all([1, 2].map(() => exchange({ agent, port, host: NAME })))
    assert.deepEqual(given, [lookup, lookup])
    assert.equal(calls.length, 2)
    assert.equal(servers[1]?.connectionCount, 0)
  })

  it('which unix socket it connects to', async (context) => {
    const test = context as TestContext
    const path = join(tmpdir(), `holdfast-${process.pid}-addresses.sock`)
    const server = http.createServer((_request, response) => response.end('by path'))
    await listen(test, server, path)
    const { lookup, calls } = scriptedResolver('127.0.0.1')
    const agent = forTest(test, new HttpAgent({ lookup }))
    const { body } = await exchange({ agent, socketPath: path, host: NAME })
    assert.equal(body, 'by path')
    assert.deepEqual(calls, [])
  })

  it('to refuse a lookup that is no function', async (context) => {
    const agent = forTest(context as TestContext, new HttpAgent({ lookup: 'dns' } as object))
    await assert.rejects(async () => await exchange({ agent, port: 80, host: NAME }), {
      code: 'ERR_INVALID_ARG_TYPE',
    })
  })
})

if (knowsProxies) {
  it('HttpAgent leaves it to its caller which proxy its requests go through', async (context) => {
    const test = context as TestContext
    const { port } = await serveHttp(test, (request, response) => response.end(request.url))
    const { lookup, calls } = scriptedResolver(...TWO)
    const proxyEnv = { http_proxy: `http://127.0.0.1:${port}` }
    const agent = forTest(test, new HttpAgent({ lookup, proxyEnv } as object))
    const { body } = await exchange({ agent, port: 1, host: NAME })
    assert.equal(body, `http://${NAME}:1/`)
    assert.deepEqual(calls, [])
    assert.deepEqual(Object.values(agent.stats().origins)[0]?.addresses, [])
  })
}

for (const { name, undici } of UNDICI_VERSIONS) {
  it(`a dispatcher on ${name} leaves it to its caller how connections are made`, async (context) => {
    const { port, servers } = await serveAtAll(context, TWO)
    const { lookup, calls } = scriptedResolver(...TWO)
    const connect = undici.buildConnector({ lookup } as object)
    const dispatcher = forTest(context, new KeepAliveDispatcher({ undici, connect }))
    const ask = async (): Promise<void> => {
      const { body } = await undici.request(`http://${NAME}:${port}/`, { dispatcher } as object)
      await body.dump()
    }
    await Promise.all([ask(), ask()])
    assert.equal(calls.length, 2)
    assert.equal(servers[1]?.connectionCount, 0)
  })
}
