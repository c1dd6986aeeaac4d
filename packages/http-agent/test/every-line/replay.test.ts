import assert from 'node:assert/strict'
import type { Socket } from 'node:net'
import { it } from 'node:test'
import { HttpAgent, requestRecord } from '@holdfast/http-agent'
import { exchange, open, start } from './exchange.ts'
import { forTest } from './loopback.ts'
import { failingSecond, OK, serveRaw } from './raw-server.ts'
import { bodiesOf, ENDINGS, fin, namesOf, reuse, TRANSPORTS } from './reused.ts'
import { turnUntil } from './turn.ts'

for (const [transport, createAgent] of Object.entries(TRANSPORTS)) {
  for (const [ending, fail] of Object.entries(ENDINGS)) {
    it(`sends a GET again where ${ending} answers it: ${transport}`, async (context) => {
      const server = await serveRaw(context, transport === 'TLS', failingSecond(fail))
      const { port } = server
      const agent = forTest(context, createAgent())
      await exchange({ agent, port })
      const { request, done } = start({ agent, port, path: '/again' })
      const names = namesOf(request)
      const { status, body, isReused } = await done
      assert.deepEqual({ status, body, isReused }, { status: 200, body: 'ok', isReused: false })
      assert.equal(requestRecord(request)?.replayed, true)
      assert.deepEqual(names, [
        'socket',
        'prefinish',
        'finish',
        'socket',
        'prefinish',
        'response',
        'close',
      ])
      const [, first, second] = server.arrivals
      assert.equal(first?.text, second?.text)
      assert.deepEqual([first?.connection, second?.connection], [1, 2])
      assert.equal(server.connectionCount(), 2)
      assert.equal((await exchange({ agent, port })).isReused, true)
    })
  }

  it(`does not send a POST again, and tells the truth: ${transport}`, async (context) => {
    const server = await serveRaw(context, transport === 'TLS', failingSecond(fin))
    const { port } = server
    const agent = forTest(context, createAgent())
    await exchange({ agent, port })
    const { request, done } = start({ agent, port, method: 'POST', body: 'body' })
    const names = namesOf(request)
    await assert.rejects(done, (error) => {
      const { bytesWritten, ...truth } = error as Error & { bytesWritten: number }
      assert.equal((error as Error).message, 'socket hang up')
      assert.equal(bytesWritten, server.arrivals[1]?.text.length)
      assert.deepEqual(truth, {
        code: 'ECONNRESET',
        reusedSocket: true,
        responseStarted: false,
        replayed: false,
        safeToRetry: false,
      })
      return true
    })
    await turnUntil(() => names.includes('close'))
    assert.deepEqual(names, ['socket', 'prefinish', 'finish', 'error', 'close'])
    assert.equal(server.arrivals.length, 2)
  })
}

it('sends a POST again that has an Idempotency-Key', async (context) => {
  for (const headers of [
    { 'Idempotency-Key': '1' },
    ['Host', 'a', 'Content-Length', '4', 'idempotency-key', '1'] as unknown as { Host: string },
  ]) {
    const { agent, port, server } = await reuse(context)
    const { body } = await exchange({ agent, port, method: 'POST', headers, body: 'body' })
    assert.equal(body, 'ok')
    assert.deepEqual(bodiesOf(server), ['', 'body', 'body'])
  }
})

for (const [replay, method, body] of [
  ['safe', 'QUERY', 'body'],
  ['safe', 'OPTIONS', ''],
  ['safe', 'TRACE', ''],
  ['idempotent', 'PUT', 'body'],
  ['idempotent', 'DELETE', ''],
] as const) {
  it(`sends a ${method} again where replay is '${replay}'`, async (context) => {
    const { agent, port, server } = await reuse(context, { replay })
    assert.equal((await exchange({ agent, port, method, body })).body, 'ok')
    assert.deepEqual(bodiesOf(server), ['', body, body])
  })
}

for (const [replay, method, safeToRetry] of [
  ['safe', 'PUT', true],
  ['safe', 'DELETE', true],
  ['idempotent', 'POST', false],
  ['idempotent', 'PATCH', false],
  ['never', 'GET', true],
] as const) {
  it(`does not send a ${method} again where replay is '${replay}'`, async (context) => {
    const { agent, port, server } = await reuse(context, { replay })
    const { done } = start({ agent, port, method })
    await assert.rejects(done, { code: 'ECONNRESET', safeToRetry })
    assert.deepEqual(bodiesOf(server), ['', ''])
  })
}

it('sends a HEAD again', async (context) => {
  const { agent, port, server } = await reuse(context)
  assert.equal((await exchange({ agent, port, method: 'HEAD' })).status, 200)
  assert.equal(server.arrivals.length, 3)
})

it('sends a large body again as it was, of strings and bytes, and calls back once', async (context) => {
  const { agent, port, server } = await reuse(context, { replay: 'idempotent' })
  const { request, done } = open({ agent, port, method: 'PUT' })
  const calls: unknown[] = []
  const text = 'ä'.repeat(10_000)
  request.setHeader('Content-Length', 2_000_000 + 20_000)
  request.write(text, 'utf8', (error) => calls.push(['write', error ?? null]))
  request.end(Buffer.alloc(2_000_000, 'x'), () => calls.push(['end']))
  await done
  const bodies = bodiesOf(server)
  assert.equal(bodies[1]?.length, 2_020_000)
  assert.equal(bodies[1], bodies[2])
  assert.deepEqual(calls, [['write', null], ['end']])
})

it('does not send a body again that is still being produced', async (context) => {
  const server = await serveRaw(context, false, ({ socket }) => socket.write(OK))
  const { port } = server
  const agent = forTest(context, new HttpAgent({ policy: { replay: 'idempotent' } }))
  await exchange({ agent, port })
  const { request, done } = open({ agent, port, method: 'PUT' })
  request.write('begun')
  await new Promise((resolve) => {
    request.once(
      'socket',
      (socket: Socket) => socket.once('drain', resolve) && setImmediate(resolve),
    )
  })
  for (const socket of server.sockets) socket.end()
  await assert.rejects(done, { code: 'ECONNRESET', reusedSocket: true, safeToRetry: true })
  assert.equal(server.connectionCount(), 1)
})

it('sends a body again that was complete before its turn came', async (context) => {
  let failed = false
  const server = await serveRaw(context, false, ({ socket, text }) => {
    if (!text.startsWith('QUERY') || failed) {
      socket.write(OK)
      return
    }
    failed = true
    socket.end()
  })
  const { port } = server
  const agent = forTest(context, new HttpAgent({ maxSockets: 1 }))
  const holder = start({ agent, port })
  const { done } = start({ agent, port, method: 'QUERY', body: 'what' })
  await holder.done
  assert.equal((await done).body, 'ok')
  assert.deepEqual(bodiesOf(server), ['', 'what', 'what'])
})

it('does not send again what has been answered by half a status line', async (context) => {
  const { agent, port, server } = await reuse(context, {}, ({ socket }) => socket.end('HTTP/1.1 2'))
  await assert.rejects(start({ agent, port }).done, {
    code: 'ECONNRESET',
    responseStarted: true,
    safeToRetry: true,
  })
  assert.equal(server.connectionCount(), 1)
})

it('does not send again what has been answered by an interim response', async (context) => {
  const { agent, port, server } = await reuse(context, {}, ({ socket }) =>
    socket.end('HTTP/1.1 103 Early Hints\r\n\r\n'),
  )
  await assert.rejects(start({ agent, port }).done, { responseStarted: true })
  assert.equal(server.connectionCount(), 1)
})

it('does not send again what has failed within the response', async (context) => {
  const { agent, port, server } = await reuse(context, {}, ({ socket }) =>
    socket.end('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhalf'),
  )
  await assert.rejects(start({ agent, port }).done, {
    message: 'aborted',
    code: 'ECONNRESET',
    reusedSocket: true,
    responseStarted: true,
    safeToRetry: true,
  })
  assert.equal(server.connectionCount(), 1)
})

it('does not send again what has failed on a fresh connection', async (context) => {
  const server = await serveRaw(context, false, ({ socket }) => socket.end())
  const { port } = server
  const agent = forTest(context, new HttpAgent())
  await assert.rejects(start({ agent, port }).done, { code: 'ECONNRESET', reusedSocket: false })
  assert.equal(server.connectionCount(), 1)
})

it('sends nothing a third time', async (context) => {
  const server = await serveRaw(context, false, ({ socket, connection, index }) => {
    if (connection === 1 && index === 1) socket.write(OK)
    else socket.end()
  })
  const { port } = server
  const agent = forTest(context, new HttpAgent())
  await exchange({ agent, port })
  await assert.rejects(start({ agent, port }).done, {
    code: 'ECONNRESET',
    reusedSocket: false,
    replayed: true,
    safeToRetry: true,
  })
  assert.equal(server.connectionCount(), 2)
  assert.equal(server.arrivals.length, 3)
})

it('fails with the error of the dial where no other connection can be had', async (context) => {
  const { agent, port } = await reuse(context)
  let dialCount = 0
  Object.assign(agent, {
    createConnection: () => {
      dialCount++
      throw new Error('no way')
    },
  })
  await assert.rejects(start({ agent, port }).done, { message: 'no way', replayed: true })
  assert.equal(dialCount, 1)
})
