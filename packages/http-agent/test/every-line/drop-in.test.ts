import assert from 'node:assert/strict'
import { once } from 'node:events'
import http from 'node:http'
import https from 'node:https'
import net from 'node:net'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { it } from 'node:test'
import { HttpAgent, HttpsAgent } from '@holdfast/http-agent'
import { type Exchange, exchange, open, start } from './exchange.ts'
import { forTest, listen, serveHttp } from './loopback.ts'
import { turn, turnUntil } from './turn.ts'

const plain = (value: unknown): unknown =>
  typeof value === 'object' && value !== null ? { ...value } : value

it('is an agent of the class that it replaces', () => {
  assert.ok(new HttpAgent() instanceof http.Agent)
  assert.ok(new HttpsAgent() instanceof https.Agent)
  assert.ok(new HttpsAgent() instanceof http.Agent)
})

it('has the fields of the agent that it replaces', () => {
  const own = new HttpAgent({ maxSockets: 7, maxFreeSockets: 3, maxTotalSockets: 9, timeout: 50 })
  const replaced = new http.Agent({
    keepAlive: true,
    maxSockets: 7,
    maxFreeSockets: 3,
    maxTotalSockets: 9,
    timeout: 50,
  })
  for (const [key, value] of Object.entries(replaced)) {
    if (key.startsWith('_')) continue
    const ownValue = Reflect.get(own, key)
    // The views are compared by what they show.
    assert.deepEqual(plain(ownValue), plain(value), key)
  }
})

for (const [options, code] of [
  [{ maxTotalSockets: 'many' }, 'ERR_INVALID_ARG_TYPE'],
  [{ maxTotalSockets: 0 }, 'ERR_OUT_OF_RANGE'],
  [{ scheduling: 'random' }, 'ERR_INVALID_ARG_VALUE'],
  [{ policy: { idleTimeoutMs: 0 } }, 'ERR_HOLDFAST_INVALID_OPTION'],
  [{ policy: { unheardOf: 1 } }, 'ERR_HOLDFAST_INVALID_OPTION'],
] as const) {
  it(`refuses ${JSON.stringify(options)} with ${code}`, () => {
    assert.throws(() => new HttpAgent(options as object), { code })
    assert.throws(() => new HttpsAgent(options as object), { code })
  })
}

it('reuses a connection, and says so in reusedSocket', async (context) => {
  const { port, connectionCount } = await serveHttp(context)
  const agent = forTest(context, new HttpAgent())
  const exchanges: Exchange[] = []
  for (let count = 0; count < 5; count++) exchanges.push(await exchange({ agent, port }))
  assert.deepEqual(
    exchanges.map(({ isReused }) => isReused),
    [false, true, true, true, true],
  )
  assert.equal(new Set(exchanges.map(({ socket }) => socket)).size, 1)
  assert.equal(connectionCount(), 1)
  assert.equal(agent.stats().reuses, 4)
})

it('closes the connection after each response where keepAlive is off', async (context) => {
  const { port, connectionCount } = await serveHttp(context)
  const agent = forTest(context, new HttpAgent({ keepAlive: false }))
  for (let count = 0; count < 2; count++) {
    const { headers } = await exchange({ agent, port })
    assert.equal(headers.connection, 'close')
  }
  assert.equal(connectionCount(), 2)
})

it('sends 300 kB in one piece', async (context) => {
  const { port, connectionCount } = await serveHttp(context, (request, response) => {
    let length = 0
    request.on('data', (bytes) => {
      length += bytes.length
    })
    request.on('end', () => response.end(String(length)))
  })
  const agent = forTest(context, new HttpAgent())
  for (let count = 0; count < 3; count++) {
    const body = 'x'.repeat(300_000)
    const { body: answer } = await exchange({ agent, port, method: 'POST', body })
    assert.equal(answer, '300000')
  }
  assert.equal(connectionCount(), 1)
})

it('streams 3 MB to a server that reads slowly, under back-pressure', async (context) => {
  const { port, connectionCount } = await serveHttp(context, async (request, response) => {
    let length = 0
    for await (const bytes of request) {
      length += (bytes as Buffer).length
      await turn()
    }
    response.end(String(length))
  })
  const agent = forTest(context, new HttpAgent())
  for (let count = 0; count < 2; count++) {
    const { request, done } = open({ agent, port, method: 'PUT' })
    let drainCount = 0
    request.on('drain', () => {
      drainCount++
    })
    const chunks = Array.from({ length: 48 }, () => Buffer.alloc(65_536))
    await pipeline(Readable.from(chunks), request)
    assert.equal((await done).body, String(48 * 65_536))
    assert.ok(drainCount > 0)
  }
  assert.equal(connectionCount(), 1)
})

it('sends a body after 100 Continue, on a fresh connection and on a reused one', async (context) => {
  const { port, connectionCount } = await serveHttp(context)
  const agent = forTest(context, new HttpAgent())
  for (let count = 0; count < 2; count++) {
    const headers = { Expect: '100-continue' }
    const { request, done } = open({ agent, port, method: 'POST', headers })
    request.flushHeaders()
    await once(request, 'continue')
    request.end('body')
    assert.equal((await done).body, 'ok')
  }
  assert.equal(connectionCount(), 1)
})

it('keeps the connection after responses without a body', async (context) => {
  const { port, connectionCount } = await serveHttp(context, (request, response) => {
    response.statusCode = Number(request.url?.slice(1))
    if (request.method === 'HEAD') response.setHeader('Content-Length', 100)
    response.end()
  })
  const agent = forTest(context, new HttpAgent())
  assert.equal((await exchange({ agent, port, method: 'HEAD', path: '/200' })).status, 200)
  assert.equal((await exchange({ agent, port, path: '/204' })).status, 204)
  assert.equal((await exchange({ agent, port, path: '/304' })).status, 304)
  assert.equal((await exchange({ agent, port, path: '/200' })).isReused, true)
  assert.equal(connectionCount(), 1)
})

it('does not reuse a connection whose response says Connection: close', async (context) => {
  const { port, connectionCount } = await serveHttp(context, (_request, response) => {
    response.setHeader('Connection', 'close')
    response.end('ok')
  })
  const agent = forTest(context, new HttpAgent())
  for (let count = 0; count < 3; count++) {
    assert.equal((await exchange({ agent, port })).isReused, false)
  }
  assert.equal(connectionCount(), 3)
  await turnUntil(() => agent.stats().closing === 0)
  assert.deepEqual(agent.stats().closes, { response_close: 3 })
})

it('does not reuse a connection whose response is of HTTP/1.0 and does not say keep-alive', async (context) => {
  const { port, connectionCount } = await listen(
    context,
    net.createServer((socket) => {
      socket.on('data', () => socket.write('HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok'))
    }),
  )
  const agent = forTest(context, new HttpAgent())
  for (let count = 0; count < 2; count++) {
    assert.equal((await exchange({ agent, port })).body, 'ok')
  }
  assert.equal(connectionCount(), 2)
})

it('reuses a connection whose response came before its request was sent, once both are complete', async (context) => {
  const { port, connectionCount } = await serveHttp(context, (incoming, outgoing) => {
    incoming.resume()
    outgoing.end('early')
  })
  const agent = forTest(context, new HttpAgent())
  const { request, begun, done } = open({ agent, port, method: 'POST' })
  request.flushHeaders()
  const response = await begun
  await once(response, 'end')
  await turn()
  assert.equal(agent.stats().leased, 1)
  request.end('body')
  assert.equal((await done).body, 'early')
  assert.equal((await exchange({ agent, port })).isReused, true)
  assert.equal(connectionCount(), 1)
})

it('passes on that the connection was refused, and forgets it', async (context) => {
  const { port, server } = await serveHttp(context)
  server.close()
  await once(server, 'close')
  const agent = forTest(context, new HttpAgent())
  const { done, closed } = start({ agent, port })
  await assert.rejects(done, { code: 'ECONNREFUSED' })
  await closed
  assert.equal(agent.totalSocketCount, 0)
  assert.equal(agent.stats().dialFailures, 1)
})

it('tells the request that its connection broke in the middle of the response', async (context) => {
  const { port } = await serveHttp(context, (_request, response) => {
    response.writeHead(200, { 'Content-Length': 100 })
    response.write('part')
    setImmediate(() => response.destroy())
  })
  const agent = forTest(context, new HttpAgent())
  const { done, closed } = start({ agent, port })
  await assert.rejects(done, { code: 'ECONNRESET', message: 'aborted' })
  await closed
  assert.equal(agent.totalSocketCount, 0)
})

for (const host of [[], ['a.test'], 5]) {
  it(`throws for a Host header of ${JSON.stringify(host)}, like the agent that it replaces`, () => {
    for (const agent of [new HttpAgent(), new http.Agent()]) {
      const headers = { host: host as unknown as string }
      assert.throws(() => http.request({ agent, port: 1, headers }), {
        code: 'ERR_INVALID_ARG_TYPE',
        message: /"options.headers.host" property must be of type string/u,
      })
    }
  })
}

for (const { title, error } of [
  { title: 'without an error', error: undefined },
  { title: 'with an error', error: new Error('enough') },
]) {
  it(`says of a response that is destroyed ${title} what the agent that it replaces does`, async (context) => {
    const { port } = await serveHttp(context, ({ url }, response) => {
      if (url === '/short') response.end('ok')
      else response.write('part')
    })
    const ends: unknown[] = []
    for (const agent of [new HttpAgent(), new http.Agent({ keepAlive: true })]) {
      forTest(context, agent)
      for (const path of ['/long', '/short', '/long']) {
        const request = http.get({ agent, port, path })
        const events: string[] = []
        request.on('error', ({ message }) => events.push(`request error: ${message}`))
        request.on('response', (response) => {
          response.on('error', ({ message }) => events.push(`response error: ${message}`))
          response.on('close', () => events.push('response close'))
          if (path === '/long') response.on('readable', () => response.destroy(error))
          else response.resume()
        })
        await new Promise((resolve) => {
          request.once('close', resolve)
        })
        events.push(`reused: ${request.reusedSocket}`)
        ends.push(events)
      }
    }
    assert.deepEqual(ends.slice(0, 3), ends.slice(3))
  })
}
