import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import https from 'node:https'
import net, { type Socket } from 'node:net'
import { it, type TestContext } from 'node:test'
import { HttpAgent, HttpsAgent } from '@holdfast/http-agent'
import { exchange, open, start } from './exchange.ts'
import { fakeClock } from './fake-clock.ts'
import { forTest, listen, serveHttp, serveOnDemand, TEST_IDENTITY } from './loopback.ts'
import { turn, turnUntil } from './turn.ts'

const HUNG_UP = { code: 'ECONNRESET' }

const detachesBy = async (
  context: TestContext,
  event: 'upgrade' | 'connect',
  answer: string,
): Promise<void> => {
  const { server, port, connections } = await serveHttp(context)
  server.on(event, (_request: IncomingMessage, peer: Socket) => {
    peer.write(answer)
    peer.pipe(peer)
  })
  const agent = forTest(context, new HttpAgent())
  const { request } = open(
    event === 'connect'
      ? { agent, port, method: 'CONNECT', path: 'upstream:80' }
      : { agent, port, headers: { Connection: 'Upgrade', Upgrade: 'echo' } },
  )
  request.end()
  const [, socket] = (await once(request, event)) as [IncomingMessage, Socket, Buffer]
  context.after(() => socket.destroy())
  const { leased, idle, closing } = agent.stats()
  assert.deepEqual({ leased, idle, closing }, { leased: 0, idle: 0, closing: 0 })
  assert.equal(agent.totalSocketCount, 0)
  assert.deepEqual(agent.stats().origins, {})
  agent.destroy()
  await turn()
  socket.write('still here')
  assert.equal(String((await once(socket, 'data'))[0]), 'still here')
  for (const name of ['free', 'agentRemove', 'timeout']) {
    assert.equal(socket.listenerCount(name), 0, name)
  }
  socket.destroy()
  await once(socket, 'close')
  assert.equal(agent.totalSocketCount, 0)
  assert.equal(connections.size <= 1, true)
}

it('lets go of a socket that a request upgrades', (context) =>
  detachesBy(
    context,
    'upgrade',
    'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n',
  ))

it('lets go of a socket that a CONNECT has made a tunnel of', (context) =>
  detachesBy(context, 'connect', 'HTTP/1.1 200 Connection Established\r\n\r\n'))

it('gives the place of an upgraded socket to a request that waits', async (context) => {
  const { server, port } = await serveHttp(context)
  server.on('upgrade', (_request: IncomingMessage, peer: Socket) => {
    peer.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n')
  })
  const agent = forTest(context, new HttpAgent({ maxSockets: 1 }))
  const { request } = start({ agent, port, headers: { Connection: 'Upgrade', Upgrade: 'echo' } })
  const { done } = start({ agent, port })
  const [, socket] = (await once(request, 'upgrade')) as [IncomingMessage, Socket, Buffer]
  context.after(() => socket.destroy())
  assert.equal((await done).body, 'ok')
})

it('ends the dial of a request that was destroyed before it was done', async (context) => {
  const { port } = await serveHttp(context)
  const agent = forTest(context, new HttpAgent())
  const { request, done, closed } = start({ agent, port })
  request.destroy()
  await assert.rejects(done, HUNG_UP)
  await closed
  await turnUntil(() => agent.totalSocketCount === 0)
  const { closes, dials, dialFailures } = agent.stats()
  assert.deepEqual(
    { closes, dials, dialFailures },
    { closes: { aborted: 1 }, dials: 1, dialFailures: 0 },
  )
  assert.equal((await exchange({ agent, port })).isReused, false)
})

it('keeps the idle connection of a request that was destroyed as soon as it was made', async (context) => {
  const { port, connectionCount } = await serveHttp(context)
  const agent = forTest(context, new HttpAgent())
  await exchange({ agent, port })
  const { request, done, closed } = start({ agent, port })
  request.destroy()
  await assert.rejects(done, HUNG_UP)
  await closed
  await turn()
  assert.equal(agent.stats().idle, 1)
  assert.equal((await exchange({ agent, port })).isReused, true)
  assert.equal(connectionCount(), 1)
})

it('closes the connection of a request that is destroyed while it waits for the response', async (context) => {
  const { port, next } = await serveOnDemand(context)
  const agent = forTest(context, new HttpAgent())
  const { request, done, closed } = start({ agent, port })
  await next()
  request.destroy(new Error('given up'))
  await assert.rejects(done, { message: 'given up' })
  await closed
  assert.equal(agent.totalSocketCount, 0)
  assert.deepEqual(agent.stats().closes, { aborted: 1 })
})

/** A server that accepts connections, and completes the TLS handshake of the first one only. */
const serveOneHandshake = async (
  context: TestContext,
): Promise<{ readonly port: number; readonly release: () => Promise<void> }> => {
  const server = https.createServer({ ...TEST_IDENTITY })
  const arrived = once(server, 'request')
  let count = 0
  const { port } = await listen(
    context,
    net.createServer((socket) => {
      if (count++ === 0) server.emit('connection', socket)
    }),
  )
  const release = async (): Promise<void> => {
    const [, response] = (await arrived) as [IncomingMessage, ServerResponse]
    response.end('ok')
  }
  return { port, release }
}

it('emits timeout while it connects to a peer that never answers TLS', async (context) => {
  const { port } = await listen(context, net.createServer())
  const agent = forTest(context, new HttpsAgent())
  const { request, done, closed } = start({ agent, port, timeout: 30 })
  await once(request, 'timeout')
  request.destroy()
  await assert.rejects(done, HUNG_UP)
  await closed
})

it('emits timeout while the dial takes its time and another connection may come first', async (context) => {
  const { port, release } = await serveOneHandshake(context)
  const agent = forTest(context, new HttpsAgent({ ca: TEST_IDENTITY.cert }))
  const first = start({ agent, port })
  await once(first.request, 'socket')
  await turnUntil(() => agent.stats().leased > 0)
  const second = start({ agent, port, timeout: 30 })
  await once(second.request, 'timeout')
  await release()
  await first.done
  second.request.destroy()
  await assert.rejects(second.done, HUNG_UP)
})

it('emits timeout while it waits for the response', async (context) => {
  const { port, next } = await serveOnDemand(context)
  const agent = forTest(context, new HttpAgent())
  for (let count = 0; count < 2; count++) {
    const { request, done } = start({ agent, port, timeout: 30 })
    // On a busy machine, it comes before the request has arrived.
    const timedOut = once(request, 'timeout')
    const { response } = await next()
    await timedOut
    response.end()
    assert.equal((await done).isReused, count === 1)
  }
})

it('emits timeout after the time that the agent sets where the request sets none', async (context) => {
  const { port, next } = await serveOnDemand(context)
  const agent = forTest(context, new HttpAgent({ timeout: 30 }))
  const { request, done } = start({ agent, port })
  const timedOut = once(request, 'timeout')
  const { response } = await next()
  await timedOut
  response.end()
  await done
})

it('closes an idle socket after the time that the agent sets', async (context) => {
  const { port } = await serveHttp(context)
  const agent = forTest(context, new HttpAgent({ timeout: 30 }))
  const { socket } = await exchange({ agent, port })
  await once(socket, 'close')
  assert.deepEqual(agent.stats().closes, { idle_timeout: 1 })
})

it('leaves nothing of the time-out of one request to the next on the same socket', async (context) => {
  const { port, next } = await serveOnDemand(context)
  // Within a second, the hint would let the connection end; the sockets have a clock of their own.
  fakeClock(context)
  for (const [agentTimeout, expected] of [
    [undefined, 0],
    [60_000, 60_000],
  ] as const) {
    const agent = forTest(context, new HttpAgent(agentTimeout ? { timeout: agentTimeout } : {}))
    const first = start({ agent, port, timeout: 1500 })
    const arrival = await next()
    assert.equal(first.request.socket?.timeout, 1500)
    // With this hint, Node's own agent lets the next request time out after a second.
    arrival.response.setHeader('Keep-Alive', 'timeout=2')
    arrival.response.end()
    await first.done
    const second = start({ agent, port })
    const { response } = await next()
    assert.equal(second.request.reusedSocket, true)
    assert.equal(second.request.socket?.timeout ?? 0, expected)
    response.end()
    await second.done
    first.request.setTimeout(1)
    assert.equal(second.request.socket?.timeout ?? 0, expected)
  }
})

it('gives a reused socket the high-water mark that its request asks for', async (context) => {
  const { port } = await serveHttp(context)
  const agent = forTest(context, new HttpAgent())
  const marks: (number | undefined)[] = []
  for (const highWaterMark of [1000, 2000]) {
    const options = { agent, port, highWaterMark }
    const { socket } = await exchange(options)
    marks.push(socket.writableHighWaterMark)
  }
  assert.equal(marks[1], 2000)
  assert.equal(agent.stats().reuses, 1)
})

it('destroys idle connections and those in use, and works on', async (context) => {
  const { port, next } = await serveOnDemand(context)
  const agent = forTest(context, new HttpAgent())
  const [one, other] = [start({ agent, port, path: '/1' }), start({ agent, port, path: '/2' })]
  const arrivals = [await next(), await next()]
  const [used, ended] = arrivals[0]?.request.url === '/1' ? [other, one] : [one, other]
  arrivals[0]?.response.end()
  const { socket } = await ended.done
  agent.destroy()
  await assert.rejects(used.done, HUNG_UP)
  await used.closed
  await turn()
  assert.equal(socket.destroyed, true)
  assert.equal(agent.totalSocketCount, 0)
  assert.equal(agent.stats().closes.destroyed, 2)
  const again = start({ agent, port })
  const { response } = await next()
  response.end()
  assert.equal((await again.done).isReused, false)
})

it('destroys a connection that is being made', async (context) => {
  const { port } = await serveHttp(context)
  const agent = forTest(context, new HttpAgent())
  const { done, closed } = start({ agent, port })
  agent.destroy()
  await assert.rejects(done, HUNG_UP)
  await closed
  assert.equal(agent.totalSocketCount, 0)
  assert.equal((await exchange({ agent, port })).body, 'ok')
})

it('serves a request that was queued when the agent was destroyed', async (context) => {
  const { port, next } = await serveOnDemand(context)
  const agent = forTest(context, new HttpAgent({ maxSockets: 1 }))
  const used = start({ agent, port })
  await next()
  const queued = start({ agent, port })
  agent.destroy()
  await assert.rejects(used.done, HUNG_UP)
  const { response } = await next()
  response.end()
  assert.equal((await queued.done).status, 200)
})
