import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import http from 'node:http'
import process, { platform } from 'node:process'
import { text } from 'node:stream/consumers'
import { it, type TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import { HttpAgent } from '@holdfast/http-agent'
import { fakeClock } from './fake-clock.ts'
import { forTest, serveHttp } from './loopback.ts'
import { serveStubbornly } from './serve-stubbornly.ts'
import { watchTimeWaits } from './time-waits.ts'
import { turn, turnUntil } from './turn.ts'
import { watchTimers } from './watch-timers.ts'

const ask = async (agent: http.Agent, port: number): Promise<http.IncomingMessage> => {
  const request = http.get({ agent, host: '127.0.0.1', port })
  const [response] = (await once(request, 'response')) as [http.IncomingMessage]
  response.resume()
  await once(response, 'end')
  return response
}

const untilClosed = (agent: HttpAgent): Promise<void> =>
  turnUntil(() => agent.stats().closing === 0)

for (const { maxRequestsPerConnection, clients } of [
  { maxRequestsPerConnection: 1, clients: 1 },
  { maxRequestsPerConnection: 2, clients: 10 },
]) {
  it(`leaves no TIME_WAIT after 1,000 connections of ${maxRequestsPerConnection} requests`, {
    skip: platform !== 'linux' && 'reads /proc',
  }, async (context) => {
    const { port } = await serveHttp(context)
    const countTimeWaits = watchTimeWaits(port)
    // On a clock that goes on, a server of a busy machine may be later than it is waited for.
    fakeClock(context)
    const agent = forTest(
      context,
      new HttpAgent({ maxSockets: clients, policy: { maxRequestsPerConnection } }),
    )
    const requestsEach = (1000 * maxRequestsPerConnection) / clients
    await Promise.all(
      Array.from({ length: clients }, async () => {
        for (let count = 0; count < requestsEach; count++) await ask(agent, port)
      }),
    )
    await untilClosed(agent)
    const { closes, leases } = agent.stats()
    assert.equal(leases, 1000 * maxRequestsPerConnection)
    // The last connection of each client may have a request left.
    assert.ok((closes.max_requests ?? 0) > 1000 - clients)
    const timeWaits = countTimeWaits()
    assert.equal(timeWaits.client, 0)
    assert.ok(timeWaits.server > 900, `the server holds ${timeWaits.server}`)
  })
}

it('closes by itself where the peer does not', async (context) => {
  const { port } = await serveStubbornly(context)
  const clock = fakeClock(context)
  const agent = forTest(context, new HttpAgent({ policy: { peerCloseWaitMs: 40 } }))
  await ask(agent, port)
  await clock.pass(39)
  assert.equal(agent.stats().lingering, 1)
  await clock.pass(1)
  await untilClosed(agent)
  assert.deepEqual(agent.stats().closes, { response_close: 1 })
})

it('does not wait where it is told not to', async (context) => {
  const { port } = await serveStubbornly(context)
  const agent = forTest(context, new HttpAgent({ policy: { peerCloseWaitMs: 0 } }))
  await ask(agent, port)
  await turn()
  await turn()
  assert.equal(agent.stats().closing, 0)
})

it('does not keep a queued request waiting for a peer that does not close', async (context) => {
  const { port } = await serveStubbornly(context)
  const agent = forTest(
    context,
    new HttpAgent({ maxSockets: 1, policy: { peerCloseWaitMs: 60_000 } }),
  )
  await Promise.all([ask(agent, port), ask(agent, port)])
})

it('does not keep a request waiting that is queued while a peer does not close', async (context) => {
  const { port } = await serveStubbornly(context)
  const agent = forTest(
    context,
    new HttpAgent({ maxSockets: 1, policy: { peerCloseWaitMs: 60_000 } }),
  )
  await ask(agent, port)
  assert.equal(agent.stats().lingering, 1)
  await ask(agent, port)
})

it('does not keep a request of another origin waiting that the total cap queues', async (context) => {
  const stubborn = await Promise.all([1, 2].map(() => serveStubbornly(context)))
  const agent = forTest(
    context,
    new HttpAgent({ maxTotalSockets: 1, policy: { peerCloseWaitMs: 60_000 } }),
  )
  for (const { port } of stubborn) {
    await ask(agent, port)
    assert.equal(agent.stats().lingering, 1)
  }
  agent.destroy()
})

/** Node's server announces the last request of a connection, and leaves it to the client to close it. */
const serveOneEach = async (context: TestContext): Promise<number> => {
  const { port, server } = await serveHttp(context)
  server.maxRequestsPerSocket = 1
  return port
}

it('does not wait again and again for peers that never close', async (context) => {
  const port = await serveOneEach(context)
  const clock = fakeClock(context)
  const agent = forTest(context, new HttpAgent())
  const waits: boolean[] = []
  for (let count = 0; count < 6; count++) {
    const { socket } = await ask(agent, port)
    await turn()
    waits.push(!socket.destroyed)
    await clock.pass(1000)
    await untilClosed(agent)
  }
  assert.deepEqual(waits, [true, true, true, false, false, false])
})

it('nor where requests are queued that come after the wait began', async (context) => {
  const port = await serveOneEach(context)
  const clock = fakeClock(context)
  const agent = forTest(context, new HttpAgent({ maxSockets: 1 }))
  const waits: boolean[] = []
  let last = await ask(agent, port)
  for (let count = 0; count < 6; count++) {
    const next = ask(agent, port)
    waits.push(!last.socket.destroyed)
    await clock.pass(50)
    last = await next
  }
  assert.deepEqual(waits, [true, true, true, false, false, false])
})

it('lets a peer take its time where no place is wanted', async (context) => {
  const { port } = await serveStubbornly(context)
  const clock = fakeClock(context)
  const agent = forTest(
    context,
    new HttpAgent({ maxSockets: 2, policy: { peerCloseWaitMs: 60_000 } }),
  )
  await ask(agent, port)
  await ask(agent, port)
  // Longer than a peer may take where its place is wanted.
  await clock.pass(59_000)
  assert.equal(agent.stats().lingering, 2)
  agent.destroy()
  await untilClosed(agent)
})

it('does not wait for a peer that goes on sending', async (context) => {
  const { port, sockets } = await serveStubbornly(context)
  const agent = forTest(context, new HttpAgent({ policy: { peerCloseWaitMs: 60_000 } }))
  const { socket: own } = await ask(agent, port)
  const { bytesRead } = own
  const [socket] = sockets
  socket?.write('\r\n')
  await turnUntil(() => own.bytesRead > bytesRead)
  assert.equal(agent.stats().lingering, 1)
  socket?.write('HTTP/1.1 200 OK\r\n')
  await untilClosed(agent)
})

it('does not keep the process alive while it waits', async (context) => {
  const { port } = await serveStubbornly(context)
  const script = fileURLToPath(new URL('lingering-process.js', import.meta.url))
  const child = spawn(process.execPath, [script, String(port)], { env: {} })
  context.after(() => child.kill())
  const output = await text(child.stdout)
  assert.equal(output, '1 closing')
})

it('tells the request that it is over while the socket still waits', async (context) => {
  const { port } = await serveStubbornly(context)
  const agent = forTest(context, new HttpAgent({ policy: { peerCloseWaitMs: 60_000 } }))
  const request = http.get({ agent, host: '127.0.0.1', port }, (response) => response.resume())
  await once(request, 'close')
  assert.equal(agent.stats().lingering, 1)
})

it('waits for everything by one timer', async (context) => {
  const pending = watchTimers(context)
  const [patient, hurried] = await Promise.all([1, 2].map(() => serveStubbornly(context)))
  const policy = { peerCloseWaitMs: 60_000, acquireTimeoutMs: 60_000 }
  const agent = forTest(context, new HttpAgent({ maxSockets: 1, policy }))
  await ask(agent, patient?.port ?? 0)
  await ask(agent, hurried?.port ?? 0)
  assert.deepEqual([agent.stats().lingering, pending.size], [2, 1])
  const queued = ask(agent, hurried?.port ?? 0)
  assert.equal(agent.stats().queued, 1)
  const drained = agent.drain({ timeoutMs: 60_000 })
  assert.equal(pending.size, 1)
  await queued
  agent.destroy()
  assert.equal((await drained).outcome, 'completed')
  assert.equal(pending.size, 0)
})
