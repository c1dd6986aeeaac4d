import assert from 'node:assert/strict'
import type { DriverStats } from '@holdfast/http-agent'
import { type Arrival, serveHttp, serveOnDemand } from './loopback.ts'
import { playWithEachClient, type Scenario } from './play-with-each-client.ts'
import type { Answer, PooledClient } from './pooled-client.ts'
import { watchTimeWaits } from './time-waits.ts'
import { turn, turnUntil } from './turn.ts'

const statusOf = ({ status }: Answer): number => status

/** Whether a promise is settled by the time that what is pending now has run. */
const isSettledSoon = async (promise: Promise<unknown>): Promise<boolean> => {
  let isSettled = false
  const settle = (): void => {
    isSettled = true
  }
  promise.then(settle, settle)
  await turn()
  return isSettled
}

/** Waits until no connection is about to close any more. */
const settled = async (client: PooledClient): Promise<DriverStats> => {
  await turnUntil(() => client.stats().closing === 0)
  return client.stats()
}

const codeOf = (error: unknown): unknown => (error as NodeJS.ErrnoException).code

/** What a server may announce so that its connection serves no further request. */
const HINTS_AGAINST_REUSE: Readonly<Record<string, Scenario>> = Object.fromEntries(
  ['max=0', 'timeout=1', 'max=5, Timeout="1"'].map((hint): [string, Scenario] => [
    `does not use a connection again after Keep-Alive: ${hint}`,
    async (context, create) => {
      const { port, connectionCount } = await serveHttp(context, (_request, response) => {
        response.setHeader('Keep-Alive', hint)
        response.setHeader('Connection', 'keep-alive')
        response.end()
      })
      const client = create(context)
      for (let count = 0; count < 3; count++) await client.ask({ port })
      assert.equal(connectionCount(), 3)
      assert.equal((await settled(client)).closes.server_hint, 3)
    },
  ]),
)

const SCENARIOS: Readonly<Record<string, Scenario>> = {
  'uses a connection again, for any method': async (context, create) => {
    const { port, connectionCount } = await serveHttp(context)
    const client = create(context)
    for (const method of ['GET', 'POST', 'DELETE', 'PUT', 'OPTIONS']) {
      const body = method === 'POST' || method === 'PUT' ? { body: 'body' } : {}
      assert.equal(statusOf(await client.ask({ port, method, ...body })), 200)
    }
    assert.equal(connectionCount(), 1)
    const { leases, reuses, idle } = client.stats()
    assert.deepEqual({ leases, reuses, idle }, { leases: 5, reuses: 4, idle: 1 })
  },

  'announces the last request of a connection': async (context, create) => {
    const announced: unknown[] = []
    const { port, connectionCount } = await serveHttp(context, (request, response) => {
      announced.push(request.headers.connection)
      response.end()
    })
    const client = create(context, { maxRequestsPerConnection: 3 })
    for (let count = 0; count < 6; count++) await client.ask({ port })
    assert.deepEqual(announced.map(String), [
      ...['keep-alive', 'keep-alive', 'close'],
      ...['keep-alive', 'keep-alive', 'close'],
    ])
    assert.equal(connectionCount(), 2)
    assert.equal((await settled(client)).closes.max_requests, 2)
  },

  ...HINTS_AGAINST_REUSE,

  'counts the max of a hint down': async (context, create) => {
    const { port, connectionCount } = await serveHttp(context, (_request, response) => {
      response.setHeader('Keep-Alive', 'timeout=60, max=2')
      response.setHeader('Connection', 'keep-alive')
      response.end()
    })
    const client = create(context, { serverHints: 'honor' })
    for (let count = 0; count < 2; count++) await client.ask({ port })
    assert.equal(connectionCount(), 1)
  },

  'closes an idle connection by its deadline': async (context, create, clock) => {
    const { port, connections } = await serveHttp(context)
    const client = create(context, { idleTimeoutMs: 20 })
    await client.ask({ port })
    await clock.pass(19)
    assert.equal(client.stats().idle, 1)
    await clock.pass(1)
    await turnUntil(() => connections.size === 0)
    assert.equal((await settled(client)).closes.idle_timeout, 1)
  },

  'lets requests wait at the cap, in the order in which they came': async (context, create) => {
    const server = await serveOnDemand(context)
    const client = create(context, {}, { perOrigin: 1 })
    const asked = ['/a', '/b', '/c'].map((path) => client.ask({ port: server.port, path }))
    const paths: unknown[] = []
    for (let count = 0; count < 3; count++) {
      const { request, response }: Arrival = await server.next()
      paths.push(request.url)
      response.end()
    }
    await Promise.all(asked)
    assert.deepEqual(paths, ['/a', '/b', '/c'])
    assert.equal(server.connectionCount(), 1)
  },

  'refuses what would make the queue too long': async (context, create) => {
    const server = await serveOnDemand(context)
    const client = create(context, { maxQueuedRequests: 1 }, { perOrigin: 1 })
    const first = client.ask({ port: server.port })
    const second = client.ask({ port: server.port })
    await assert.rejects(
      client.ask({ port: server.port }),
      (error) => codeOf(error) === 'ERR_HOLDFAST_QUEUE_FULL',
    )
    for (let count = 0; count < 2; count++) (await server.next()).response.end()
    await Promise.all([first, second])
  },

  'gives up waiting after acquireTimeoutMs': async (context, create, clock) => {
    const server = await serveOnDemand(context)
    const client = create(context, { acquireTimeoutMs: 30 }, { perOrigin: 1 })
    const first = client.ask({ port: server.port })
    const arrival = await server.next()
    const second = client.ask({ port: server.port })
    await clock.pass(29)
    assert.equal(client.stats().queued, 1)
    const isRefused = assert.rejects(
      second,
      (error) => codeOf(error) === 'ERR_HOLDFAST_ACQUIRE_TIMEOUT',
    )
    await clock.pass(1)
    await isRefused
    arrival.response.end()
    assert.equal(statusOf(await first), 200)
  },

  'drops a waiting request at once when it is aborted': async (context, create) => {
    const server = await serveOnDemand(context)
    const client = create(context, {}, { perOrigin: 1 })
    const first = client.ask({ port: server.port })
    const arrival = await server.next()
    const controller = new AbortController()
    const second = client.ask({ port: server.port, signal: controller.signal })
    second.catch(() => undefined)
    assert.equal(await isSettledSoon(second), false)
    assert.equal(client.stats().queued, 1)
    controller.abort()
    await assert.rejects(second, { name: 'AbortError' })
    assert.equal(client.stats().queued, 0)
    arrival.response.end()
    assert.equal(statusOf(await first), 200)
    assert.equal(server.connectionCount(), 1)
  },

  'closes the idle connection of another origin where the total is reached': async (
    context,
    create,
  ) => {
    const one = await serveHttp(context)
    const other = await serveHttp(context)
    const client = create(context, {}, { total: 1 })
    await client.ask({ port: one.port })
    assert.equal(statusOf(await client.ask({ port: other.port })), 200)
    assert.equal(client.stats().closes.evicted, 1)
  },

  'drains: serves what there is, refuses what comes, and closes': async (context, create) => {
    const server = await serveOnDemand(context)
    const client = create(context, {}, { perOrigin: 1 })
    const asked = [client.ask({ port: server.port }), client.ask({ port: server.port })]
    const arrival = await server.next()
    const drained = client.drain(5000)
    await assert.rejects(client.ask({ port: server.port }))
    arrival.response.end()
    ;(await server.next()).response.end()
    assert.deepEqual((await Promise.all(asked)).map(statusOf), [200, 200])
    assert.equal((await drained).outcome, 'completed')
    assert.equal(client.stats().closing + client.stats().idle + client.stats().leased, 0)
  },

  'opens connections ahead': async (context, create) => {
    const { port, connectionCount } = await serveHttp(context)
    const client = create(context)
    await client.warm(port, 3)
    assert.equal(client.stats().idle, 3)
    assert.equal(statusOf(await client.ask({ port })), 200)
    // The kernel accepts a connection before its server does.
    await turnUntil(() => connectionCount() === 3)
    assert.equal(client.stats().dials, 3)
  },

  'closes a connection that was opened ahead when the server does': async (context, create) => {
    const { port, connections } = await serveHttp(context)
    const client = create(context)
    await client.warm(port, 1)
    await turnUntil(() => connections.size === 1)
    for (const socket of connections) socket.end()
    await turnUntil(() => client.stats().idle === 0)
    assert.equal((await settled(client)).closes.peer_fin, 1)
    assert.equal(statusOf(await client.ask({ port })), 200)
  },

  'lets the server close first after the last request': async (context, create) => {
    const { port } = await serveHttp(context)
    const countTimeWaits = watchTimeWaits(port)
    const client = create(context, { maxRequestsPerConnection: 1 })
    for (let count = 0; count < 200; count++) await client.ask({ port })
    await settled(client)
    const { client: left, server } = countTimeWaits()
    assert.equal(left, 0)
    assert.ok(server >= 200, `the server holds ${server}`)
  },

  'closes by RST where that is asked for': async (context, create, clock) => {
    const { port, connections, connectionCount } = await serveHttp(context)
    const countTimeWaits = watchTimeWaits(port)
    const client = create(context, { closeMode: 'reset', idleTimeoutMs: 20 })
    await client.warm(port, 20)
    await Promise.all(Array.from({ length: 20 }, () => client.ask({ port })))
    await clock.pass(20)
    await turnUntil(() => connectionCount() === 20 && connections.size === 0)
    assert.equal((await settled(client)).closes.idle_timeout, 20)
    assert.deepEqual(countTimeWaits(), { client: 0, server: 0 })
  },

  'fails what waits for a dial that fails, and nothing else': async (context, create) => {
    const { port, server } = await serveHttp(context)
    server.close()
    const client = create(context)
    await assert.rejects(client.ask({ port }), (error) => codeOf(error) === 'ECONNREFUSED')
    await turnUntil(() => client.stats().connecting === 0)
    assert.equal(client.stats().dialFailures, 1)
    assert.equal(client.stats().waiting, 0)
  },
}

/** Scenarios that count TIME_WAITs, which they read from /proc. */
const LINUX_ONLY: ReadonlySet<string> = new Set([
  'lets the server close first after the last request',
  'closes by RST where that is asked for',
])

playWithEachClient(SCENARIOS, LINUX_ONLY)
