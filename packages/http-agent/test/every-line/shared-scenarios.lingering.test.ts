/* Connections that wait for their servers to close first. */
import assert from 'node:assert/strict'
import { serveHttp, serveOnDemand } from './loopback.ts'
import { playWithEachClient, type Scenario } from './play-with-each-client.ts'
import type { PooledClient } from './pooled-client.ts'
import { serveStubbornly } from './serve-stubbornly.ts'
import { turnUntil } from './turn.ts'

const untilLingering = (client: PooledClient, count = 1): Promise<void> =>
  turnUntil(() => client.stats().lingering === count)

const untilClosed = (client: PooledClient): Promise<void> =>
  turnUntil(() => client.stats().closing === 0)

const SCENARIOS: Readonly<Record<string, Scenario>> = {
  'waits until the server has closed': async (context, create) => {
    const { port, sockets } = await serveStubbornly(context)
    const client = create(context)
    await client.ask({ port })
    await untilLingering(client)
    assert.equal(client.stats().closing, 1)
    for (const socket of sockets) socket.end()
    await untilClosed(client)
    assert.deepEqual(client.stats().closes, { response_close: 1 })
    assert.equal(client.stats().lingering, 0)
  },

  'closes by itself once the server has had its time': async (context, create, clock) => {
    const { port } = await serveStubbornly(context)
    const client = create(context, { peerCloseWaitMs: 40 })
    await client.ask({ port })
    await untilLingering(client)
    await clock.pass(39)
    assert.equal(client.stats().lingering, 1)
    await clock.pass(1)
    assert.equal(client.stats().lingering, 0)
    await untilClosed(client)
    assert.deepEqual(client.stats().closes, { response_close: 1 })
  },

  'reads first what has come while the process was busy': async (context, create, clock) => {
    const { port, sockets } = await serveStubbornly(context)
    const client = create(context, { peerCloseWaitMs: 40 })
    await client.ask({ port })
    await untilLingering(client)
    for (const socket of sockets) socket.end()
    // The timer comes late, and before the close that has arrived meanwhile.
    const late = clock.pass(41)
    assert.equal(client.stats().lingering, 1)
    await late
    await untilClosed(client)
  },

  'waits neither for a server that sends on': async (context, create) => {
    const { port, sockets } = await serveStubbornly(context)
    const client = create(context, { peerCloseWaitMs: 60_000 })
    await client.ask({ port })
    await untilLingering(client)
    for (const socket of sockets) socket.write('HTTP/1.1 200 OK\r\n')
    await untilClosed(client)
    assert.deepEqual(client.stats().closes, { response_close: 1 })
  },

  'nor for one that resets it': async (context, create) => {
    const { port, sockets } = await serveStubbornly(context)
    const client = create(context, { peerCloseWaitMs: 60_000 })
    await client.ask({ port })
    await untilLingering(client)
    for (const socket of sockets) socket.resetAndDestroy()
    await untilClosed(client)
    assert.deepEqual(client.stats().closes, { response_close: 1 })
  },

  'lets a queued request wait for the place for no longer than it must': async (
    context,
    create,
    clock,
  ) => {
    const { port } = await serveStubbornly(context)
    const client = create(context, { peerCloseWaitMs: 60_000 }, { perOrigin: 1 })
    await client.ask({ port })
    await untilLingering(client)
    const asked = client.ask({ port })
    await turnUntil(() => client.stats().queued === 1)
    await clock.pass(49)
    assert.equal(client.stats().lingering, 1)
    await clock.pass(1)
    assert.equal((await asked).status, 200)
    assert.equal(client.stats().dials, 2)
  },

  'knows a server that never closes, also once no connection to it is left': async (
    context,
    create,
    clock,
  ) => {
    const { port } = await serveStubbornly(context)
    const client = create(context)
    for (let count = 0; count < 3; count++) {
      await client.ask({ port })
      await untilLingering(client)
      await clock.pass(1000)
      await untilClosed(client)
      assert.deepEqual(client.stats().origins, {})
    }
    await client.ask({ port })
    await untilClosed(client)
  },

  'waits for nobody once it is destroyed': async (context, create) => {
    const { port } = await serveStubbornly(context)
    const client = create(context, { peerCloseWaitMs: 60_000 })
    await client.ask({ port })
    await client.ask({ port })
    await untilLingering(client, 2)
    client.destroy()
    assert.equal(client.stats().lingering, 0)
    await untilClosed(client)
  },

  'drains for as long as it may, beside a server that takes its time': async (
    context,
    create,
    clock,
  ) => {
    const { port } = await serveStubbornly(context)
    const client = create(context, { peerCloseWaitMs: 60_000 })
    await client.ask({ port })
    await untilLingering(client)
    const drained = client.drain(500)
    await clock.pass(499)
    assert.equal(client.stats().lingering, 1)
    await clock.pass(1)
    assert.equal((await drained).outcome, 'timed_out')
    await untilClosed(client)
  },

  'drains for as long as it takes where its time is infinite': async (context, create, clock) => {
    const server = await serveOnDemand(context)
    const client = create(context)
    const asked = client.ask({ port: server.port })
    const { response } = await server.next()
    const drained = client.drain(Number.POSITIVE_INFINITY)
    await clock.pass(2 ** 31)
    assert.equal(client.stats().leased, 1)
    response.end()
    await asked
    assert.equal((await drained).outcome, 'completed')
  },

  'is over with a server that closes at once': async (context, create) => {
    const { port } = await serveHttp(context, (_request, response) => {
      response.setHeader('Connection', 'close')
      response.end()
    })
    const client = create(context)
    await client.ask({ port })
    await untilClosed(client)
    assert.deepEqual(client.stats().closes, { response_close: 1 })
  },
}

playWithEachClient(SCENARIOS)
