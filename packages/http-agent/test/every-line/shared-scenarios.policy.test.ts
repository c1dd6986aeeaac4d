/* What the policy says of connections in time, and of origins beside each other. */
import assert from 'node:assert/strict'
import { serveHttp, serveOnDemand } from './loopback.ts'
import { playWithEachClient, type Scenario } from './play-with-each-client.ts'
import { turn, turnUntil } from './turn.ts'

/** Connections end by what the scenario is about, and by nothing else. */
const LASTING = {
  idleTimeoutMs: Number.POSITIVE_INFINITY,
  maxConnectionAgeMs: Number.POSITIVE_INFINITY,
} as const

const SCENARIOS: Readonly<Record<string, Scenario>> = {
  'ends connections of one age at different times, none later than it says': async (
    context,
    create,
    clock,
  ) => {
    const { port } = await serveHttp(context)
    const client = create(context, {
      ...LASTING,
      maxConnectionAgeMs: 1000,
      connectionAgeJitter: 0.5,
    })
    await client.warm(port, 30)
    await clock.pass(499)
    assert.equal(client.stats().idle, 30)
    const ends = new Set<number>()
    for (let step = 0; step < 6; step++) {
      const before = client.stats().idle
      await clock.pass(100)
      if (client.stats().idle < before) ends.add(step)
    }
    assert.ok(ends.size > 1, `all at once: ${[...ends].join()}`)
    assert.equal(client.stats().idle, 0)
    await turnUntil(() => client.stats().closing === 0)
    assert.deepEqual(client.stats().closes, { max_age: 30 })
  },

  'lets a request end that is in progress when its connection is too old': async (
    context,
    create,
    clock,
  ) => {
    const server = await serveOnDemand(context)
    const client = create(context, { ...LASTING, maxConnectionAgeMs: 1000, connectionAgeJitter: 0 })
    const asked = client.ask({ port: server.port })
    const { response } = await server.next()
    await clock.pass(1001)
    assert.equal(client.stats().leased + client.stats().draining > 0, true)
    response.end('late')
    assert.equal((await asked).body, 'late')
    const again = client.ask({ port: server.port })
    ;(await server.next()).response.end()
    await again
    assert.equal(server.connectionCount(), 2)
    assert.equal(client.stats().closes.max_age, 1)
  },

  'gives a connection up before the time that its server announces': async (
    context,
    create,
    clock,
  ) => {
    const { port } = await serveHttp(context, (_request, response) => {
      response.setHeader('Keep-Alive', 'max=50, timeout=5')
      response.setHeader('Connection', 'keep-alive')
      response.end()
    })
    const client = create(context, LASTING)
    await client.ask({ port })
    await clock.pass(3990)
    assert.equal(client.stats().idle, 1)
    await clock.pass(10)
    await turnUntil(() => client.stats().idle + client.stats().closing === 0)
    assert.deepEqual(client.stats().closes, { server_hint: 1 })
  },

  'learns how long a server leaves connections idle': async (context, create, clock) => {
    const { port, connections } = await serveHttp(context)
    const client = create(context, LASTING)
    await client.ask({ port })
    await clock.pass(1000)
    for (const socket of connections) socket.end()
    await turnUntil(() => client.stats().closes.peer_fin === 1)
    await client.ask({ port })
    await clock.pass(790)
    assert.equal(client.stats().idle, 1)
    await clock.pass(10)
    await turnUntil(() => client.stats().closes.learned_limit === 1)
  },

  'closes connections that traffic has no use for any more': async (context, create, clock) => {
    const server = await serveOnDemand(context)
    const client = create(context, { ...LASTING, trim: 'adaptive' })
    const asked = Array.from({ length: 8 }, () => client.ask({ port: server.port }))
    for (let count = 0; count < 8; count++) (await server.next()).response.end()
    await Promise.all(asked)
    assert.equal(client.stats().idle, 8)
    await clock.pass(5000)
    // It is the peak of these five seconds that counts in them.
    assert.equal(client.stats().idle, 8)
    for (let look = 0; look < 20; look++) await clock.pass(5000)
    assert.equal(client.stats().idle, 0)
    await turnUntil(() => client.stats().closing === 0)
    assert.deepEqual(client.stats().closes, { trimmed: 8 })
  },

  'keeps connections ready beside the one that is used': async (context, create) => {
    const { port, connectionCount } = await serveHttp(context)
    const client = create(context, { ...LASTING, minIdlePerOrigin: 3 })
    await client.ask({ port })
    await turnUntil(() => client.stats().idle === 4)
    await client.ask({ port })
    await turn()
    assert.equal(client.stats().dials, 4)
    await turnUntil(() => connectionCount() === 4)
  },

  'has no more dials in progress at once than it may': async (context, create) => {
    const { port } = await serveHttp(context)
    const client = create(context, { maxConnectingPerOrigin: 2 })
    const asked = Array.from({ length: 6 }, () => client.ask({ port }))
    assert.equal(client.stats().connecting, 2)
    assert.equal(client.stats().queued, 4)
    await Promise.all(asked)
  },

  'serves origins that wait for a place in turn': async (context, create) => {
    const servers = [
      await serveOnDemand(context),
      await serveOnDemand(context),
      await serveOnDemand(context),
    ] as const
    // Each request gives its place up.
    const client = create(context, { maxRequestsPerConnection: 1 }, { total: 1 })
    const arrivals: number[] = []
    for (const [index, server] of servers.entries()) {
      server.server.on('request', (_request, response) => {
        arrivals.push(index)
        response.end()
      })
    }
    const asked = [0, 0, 0, 1, 2, 2].map((index) =>
      client.ask({ port: servers[index as 0 | 1 | 2].port }),
    )
    await Promise.all(asked)
    assert.deepEqual(arrivals, [0, 0, 1, 2, 0, 2])
  },
}

playWithEachClient(SCENARIOS)
