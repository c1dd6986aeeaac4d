import assert from 'node:assert/strict'
import { once } from 'node:events'
import http from 'node:http'
import { it } from 'node:test'
import { HttpAgent, requestRecord } from '@holdfast/http-agent'
import { start } from './exchange.ts'
import { fakeClock } from './fake-clock.ts'
import { forTest, serveHttp, serveOnDemand } from './loopback.ts'
import { listenTo } from './published.ts'
import { serveRaw } from './raw-server.ts'
import { reuse } from './reused.ts'

it('tells which connection a request got, and whether others had used it', async (context) => {
  const { port } = await serveHttp(context)
  const agent = forTest(context, new HttpAgent())
  const first = start({ agent, port })
  await first.done
  const second = start({ agent, port })
  await second.done
  const [row] = agent.inspect()
  const record = requestRecord(first.request)
  assert.equal(record?.connectionId, row?.id)
  assert.equal(record?.reusedSocket, false)
  const { firstByteMs, ...others } = requestRecord(second.request) ?? {}
  assert.ok(Number(firstByteMs) >= 0)
  assert.deepEqual(others, {
    state: 'done',
    connectionId: row?.id,
    reusedSocket: true,
    waitedMs: 0,
    dialMs: 0,
    lookupMs: undefined,
    connectMs: undefined,
    tlsMs: undefined,
    tlsResumed: undefined,
    attemptCount: undefined,
    queueMs: 0,
    replayed: false,
    moveCount: 0,
    failure: undefined,
  })
})

it('tells how long a request waited, as the event does', async (context) => {
  const clock = fakeClock(context)
  const leased = listenTo(context, 'request:leased')
  const { port, next } = await serveOnDemand(context)
  const agent = forTest(context, new HttpAgent({ maxSockets: 1 }))
  const first = start({ agent, port })
  const second = start({ agent, port })
  const arrival = await next()
  await clock.pass(20)
  const soFar = requestRecord(second.request)
  assert.equal(soFar?.connectionId, undefined)
  assert.equal(soFar?.waitedMs, 20)
  arrival.response.end()
  const { response } = await next()
  response.end()
  await Promise.all([first.done, second.done])
  await clock.pass(5)
  const waits = [first, second].map(({ request }) => requestRecord(request)?.waitedMs)
  assert.deepEqual(waits, [0, 20])
  assert.deepEqual(
    leased.map(({ waitMs }) => waitMs),
    waits,
  )
})

it('counts no wait any more once a request has failed', async (context) => {
  const { port, next } = await serveOnDemand(context)
  const clock = fakeClock(context)
  const policy = { acquireTimeoutMs: 10 }
  const agent = forTest(context, new HttpAgent({ maxSockets: 1, policy }))
  const inUse = start({ agent, port })
  const { response } = await next()
  const late = start({ agent, port })
  await clock.pass(10)
  await assert.rejects(late.done, { code: 'ERR_HOLDFAST_ACQUIRE_TIMEOUT' })
  const record = requestRecord(late.request)
  assert.equal(record?.connectionId, undefined)
  assert.equal(record?.waitedMs, 10)
  await clock.pass(5)
  assert.deepEqual(requestRecord(late.request), record)
  const aborted = start({ agent, port })
  aborted.request.on('error', () => undefined)
  await clock.pass(3)
  aborted.request.destroy()
  await aborted.closed
  await clock.pass(5)
  assert.equal(requestRecord(aborted.request)?.waitedMs, 3)
  response.end()
  await inUse.done
})

it('counts no wait any more once a request has given up its dial', async (context) => {
  const { port } = await serveHttp(context)
  const clock = fakeClock(context)
  const agent = forTest(context, new HttpAgent())
  const { request, closed } = start({ agent, port })
  request.on('error', () => undefined)
  request.destroy()
  await closed
  const record = requestRecord(request)
  assert.equal(record?.connectionId, 1)
  await clock.pass(5)
  assert.deepEqual(requestRecord(request), record)
})

it('tells of a failure what its error tells', async (context) => {
  const { agent, port } = await reuse(context)
  const { request } = start({ agent, port, method: 'POST', body: 'body' })
  const [error] = await once(request, 'error')
  const failure = requestRecord(request)?.failure
  assert.equal(failure?.reusedSocket, true)
  assert.equal(failure.safeToRetry, false)
  for (const [name, value] of Object.entries(failure)) assert.equal(error[name], value, name)
})

it('tells of a request that got no connection that it was never sent', async (context) => {
  const agent = forTest(context, new HttpAgent())
  await agent.drain()
  const { request } = start({ agent, port: 1 })
  await once(request, 'error')
  assert.deepEqual(requestRecord(request)?.failure, {
    reusedSocket: false,
    bytesWritten: 0,
    responseStarted: false,
    replayed: false,
    safeToRetry: true,
  })
})

it('takes no response for a failure whose end is that of its connection', async (context) => {
  const { port } = await serveRaw(context, false, ({ socket }) => {
    socket.end('HTTP/1.0 200 OK\r\n\r\nuntil the end')
  })
  const agent = forTest(context, new HttpAgent())
  const { request, done } = start({ agent, port })
  assert.equal((await done).body, 'until the end')
  assert.equal(requestRecord(request)?.failure, undefined)
})

it('knows nothing of requests of other agents', async (context) => {
  const { port } = await serveHttp(context)
  const agent = forTest(context, new http.Agent())
  const request = http.get({ agent, host: '127.0.0.1', port })
  const [response] = await once(request, 'response')
  response.resume()
  assert.equal(requestRecord(request), undefined)
})
