import assert from 'node:assert/strict'
import { AsyncLocalStorage } from 'node:async_hooks'
import dns from 'node:dns'
import http from 'node:http'
import { describe, it, mock, type TestContext } from 'node:test'
import { HttpAgent } from '@holdfast/http-agent'
import { exchange, start } from './exchange.ts'
import { fakeClock } from './fake-clock.ts'
import { forTest } from './loopback.ts'
import { NAME, NAMED_CLIENT_KINDS } from './named-client.ts'
import { scriptedResolver, serveAtAll } from './named-servers.ts'
import { listenTo } from './published.ts'
import { turnUntil } from './turn.ts'

const TWO = ['127.0.0.1', '127.0.0.2'] as const
const REFRESH_MS = 30_000

const failure = (): Error =>
  Object.assign(new Error(`getaddrinfo EAI_AGAIN ${NAME}`), { code: 'EAI_AGAIN', hostname: NAME })

it('looks a name up once for 1,000 dials, where Node does so a thousand times', async (context) => {
  const { port } = await serveAtAll(context, ['127.0.0.1'])
  const counts: number[] = []
  for (const agent of [new HttpAgent(), new http.Agent({ keepAlive: true })]) {
    const { lookup, calls } = scriptedResolver('127.0.0.1')
    forTest(context, agent)
    await Promise.all(
      Array.from({ length: 1000 }, () => exchange({ agent, port, host: NAME, lookup })),
    )
    counts.push(calls.length)
  }
  assert.deepEqual(counts, [1, 1000])
})

it('shares what it knows with the other agents of the process, by resolver and family', async (context) => {
  const { port } = await serveAtAll(context, ['127.0.0.1'])
  const { lookup, calls } = scriptedResolver('127.0.0.1')
  const agents = [new HttpAgent(), new HttpAgent(), new HttpAgent({ family: 4 })]
  for (const agent of agents)
    await exchange({ agent: forTest(context, agent), port, host: NAME, lookup })
  assert.equal(calls.length, 2)
  const other = scriptedResolver('127.0.0.1')
  const agent = forTest(context, new HttpAgent())
  await exchange({ agent, port, host: NAME, lookup: other.lookup })
  assert.equal(other.calls.length, 1)
})

it('asks the resolver of the process, as it is at that time', async (context) => {
  const { port } = await serveAtAll(context, ['127.0.0.1'])
  const { lookup, calls } = scriptedResolver('127.0.0.1')
  mock.method(dns, 'lookup', lookup)
  context.after(() => mock.restoreAll())
  const agent = forTest(context, new HttpAgent())
  await exchange({ agent, port, host: NAME })
  assert.deepEqual(calls, [NAME])
})

it('goes on in the asynchronous context of each request, whoever has asked', async (context) => {
  const { port } = await serveAtAll(context, TWO)
  const { lookup } = scriptedResolver(...TWO)
  const storage = new AsyncLocalStorage<number>()
  const agent = forTest(context, new HttpAgent())
  const seen = await Promise.all(
    [1, 2, 3, 4].map((number) =>
      storage.run(number, async () => {
        const { request, done } = start({ agent, port, host: NAME, lookup })
        const contexts: unknown[] = []
        request.on('socket', (socket) => {
          for (const event of ['lookup', 'connect'] as const) {
            socket.on(event, () => contexts.push(storage.getStore()))
          }
        })
        request.on('response', () => contexts.push(storage.getStore()))
        await done
        return contexts
      }),
    ),
  )
  assert.deepEqual(
    seen,
    [1, 2, 3, 4].map((number) => [number, number, number]),
  )
})

it('gives each request an error of its own where the name is not known', async (context) => {
  const resolver = scriptedResolver()
  resolver.answer = failure()
  const agent = forTest(context, new HttpAgent())
  const settled = await Promise.allSettled(
    [1, 2].map(() => exchange({ agent, port: 80, host: NAME, lookup: resolver.lookup })),
  )
  const [first, second] = settled.map((result) => (result as PromiseRejectedResult).reason)
  assert.equal(resolver.calls.length, 1)
  assert.notEqual(first, second)
  for (const { code, hostname, message } of [first, second]) {
    assert.deepEqual([code, hostname], ['EAI_AGAIN', NAME])
    assert.equal(message, `getaddrinfo EAI_AGAIN ${NAME}`)
  }
})

for (const { name, create } of NAMED_CLIENT_KINDS.filter(({ isSecure }) => !isSecure)) {
  const ask = async (
    client: ReturnType<typeof create>,
    port: number,
  ): Promise<string | undefined> => {
    const body = await client.ask(port).catch((error: NodeJS.ErrnoException) => error.code)
    await turnUntil(() => client.pool.stats().leased === 0)
    return body
  }

  describe(name, () => {
    it('dials by the last answer while the resolver fails, and then says why it fails', async (context) => {
      const test = context as TestContext
      const { port, servers } = await serveAtAll(test, ['127.0.0.1'])
      const clock = fakeClock(test)
      const resolver = scriptedResolver('127.0.0.1')
      const client = create(test, { lookup: resolver.lookup, policy: { idleTimeoutMs: 1000 } })
      const dialAt = async (ms: number): Promise<string | undefined> => {
        await clock.pass(ms)
        await turnUntil(() => client.pool.stats().idle + client.pool.stats().closing === 0)
        return await ask(client, port)
      }
      assert.equal(await ask(client, port), '127.0.0.1')
      resolver.answer = failure()
      assert.equal(await dialAt(REFRESH_MS), '127.0.0.1')
      assert.equal(resolver.calls.length, 2)
      assert.equal(await dialAt(200_000), '127.0.0.1')
      assert.equal(servers[0]?.connectionCount, 3)
      assert.equal(await dialAt(100_000), 'EAI_AGAIN')
      resolver.answer = ['127.0.0.1']
      assert.equal(await dialAt(1000), '127.0.0.1')
    })

    it('waits no longer than an attempt may take for a resolver that hangs', async (context) => {
      const test = context as TestContext
      const { port, servers } = await serveAtAll(test, ['127.0.0.1'])
      const clock = fakeClock(test)
      const resolver = scriptedResolver('127.0.0.1')
      const client = create(test, { lookup: resolver.lookup, policy: { idleTimeoutMs: 1000 } })
      assert.equal(await ask(client, port), '127.0.0.1')
      resolver.answer = undefined
      await clock.pass(REFRESH_MS)
      await turnUntil(() => client.pool.stats().idle + client.pool.stats().closing === 0)
      const asked = ask(client, port)
      await turnUntil(() => resolver.calls.length === 2)
      assert.equal(client.pool.stats().connecting, 1)
      await clock.pass(250)
      assert.equal(await asked, '127.0.0.1')
      // Whoever comes while it still hangs does not wait at all.
      await clock.pass(2000)
      await turnUntil(() => client.pool.stats().idle + client.pool.stats().closing === 0)
      assert.equal(await ask(client, port), '127.0.0.1')
      assert.equal(resolver.calls.length, 2)
      assert.equal(servers[0]?.connectionCount, 3)
      // It is given up, so that other names can be looked up in the background again.
      await clock.pass(10_000)
      const again = ask(client, port)
      await turnUntil(() => resolver.calls.length === 3)
      await clock.pass(250)
      assert.equal(await again, '127.0.0.1')
      await clock.pass(10_000)
    })
  })

  describe(`${name}, in the background`, () => {
    it('looks a name in use up, and leaves an address that is gone', async (context) => {
      const test = context as TestContext
      const messages = listenTo(test, 'connection:closed', 'address:gone')
      const { port, servers } = await serveAtAll(test, TWO)
      const clock = fakeClock(test)
      const resolver = scriptedResolver(...TWO)
      const policy = { idleTimeoutMs: Number.POSITIVE_INFINITY }
      const client = create(test, { lookup: resolver.lookup, policy })
      await Promise.all(Array.from({ length: 4 }, () => client.ask(port)))
      await turnUntil(() => client.pool.stats().idle === 4)
      resolver.answer = ['127.0.0.2']
      for (let refresh = 1; refresh <= 2; refresh++) {
        assert.ok(await ask(client, port))
        await clock.pass(REFRESH_MS)
        await turnUntil(() => resolver.calls.length === refresh + 1)
      }
      await turnUntil(() => client.pool.stats().idle + client.pool.stats().closing === 2)
      const before = servers[0]?.requestCount
      for (let count = 0; count < 6; count++) assert.equal(await ask(client, port), '127.0.0.2')
      assert.equal(servers[0]?.requestCount, before)
      assert.equal(client.pool.stats().closes.address_gone, 2)
      const gone = messages.find(({ type }) => type === 'address:gone')
      assert.equal(gone?.type === 'address:gone' && gone.address, '127.0.0.1')
      const [origin] = Object.values(client.pool.stats().origins)
      assert.deepEqual(
        origin?.addresses.map(({ address, open }) => [address, open]),
        [['127.0.0.2', 2]],
      )
    })

    it('looks no name up that nobody uses', async (context) => {
      const test = context as TestContext
      const { port } = await serveAtAll(test, ['127.0.0.1'])
      const clock = fakeClock(test)
      const { lookup, calls } = scriptedResolver('127.0.0.1')
      const policy = { idleTimeoutMs: Number.POSITIVE_INFINITY }
      const client = create(test, { lookup, policy })
      await ask(client, port)
      await clock.pass(REFRESH_MS)
      await turnUntil(() => calls.length === 2)
      await clock.pass(REFRESH_MS)
      await clock.pass(REFRESH_MS)
      assert.equal(calls.length, 2)
    })
  })
}

it('tells of lookups', async (context) => {
  const events = listenTo(context, 'name:looked_up')
  const { port } = await serveAtAll(context, TWO)
  const resolver = scriptedResolver(...TWO)
  const agent = forTest(context, new HttpAgent())
  await exchange({ agent, port, host: NAME, lookup: resolver.lookup })
  resolver.answer = failure()
  const host = 'other.holdfast.test'
  await assert.rejects(exchange({ agent, port, host, lookup: resolver.lookup }))
  assert.deepEqual(
    events.map(({ atMs, lookupMs, ...event }) => [event, atMs > 0, lookupMs >= 0]),
    [
      { name: NAME, addressCount: 2, code: undefined },
      { name: host, addressCount: 0, code: 'EAI_AGAIN' },
    ].map((event) => [{ type: 'name:looked_up', isBackground: false, ...event }, true, true]),
  )
})

for (const [what, lookup] of [
  ['within the call', (_host, _options, callback) => callback(null, '127.0.0.1', 4)],
  [
    'twice',
    (_host, _options, callback) => {
      for (const address of ['127.0.0.1', '127.0.0.9']) {
        setImmediate(() => callback(null, [{ address, family: 4 }]))
      }
    },
  ],
] as readonly [string, NonNullable<http.RequestOptions['lookup']>][]) {
  it(`takes the first answer of a resolver that answers ${what}`, async (context) => {
    const { port } = await serveAtAll(context, ['127.0.0.1'])
    const agent = forTest(context, new HttpAgent())
    const { body } = await exchange({ agent, port, host: NAME, lookup })
    assert.equal(body, '127.0.0.1')
  })
}

for (const [what, answer, code] of [
  ['nothing', [], 'ENOTFOUND'],
  ['no address', ['not an address'], 'ERR_INVALID_IP_ADDRESS'],
] as const) {
  it(`fails where a resolver answers with ${what}`, async (context) => {
    const agent = forTest(context, new HttpAgent())
    const { lookup } = scriptedResolver(...answer)
    await assert.rejects(exchange({ agent, port: 80, host: NAME, lookup }), { code })
  })
}

it('fails where a resolver throws', async (context) => {
  const agent = forTest(context, new HttpAgent())
  const lookup = (): never => {
    throw Object.assign(new Error('out of order'), { code: 'EOUTOFORDER' })
  }
  await assert.rejects(exchange({ agent, port: 80, host: NAME, lookup }), { code: 'EOUTOFORDER' })
})
