import assert from 'node:assert/strict'
import http from 'node:http'
import type { Socket } from 'node:net'
import { it, type TestContext } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { HttpAgent, HttpsAgent } from '@holdfast/http-agent'
import { exchange, type Pending, start } from './exchange.ts'
import { forTest, TEST_IDENTITY } from './loopback.ts'
import { OK, type RawServer, serveRaw } from './raw-server.ts'
import { leaveTurn, turn, turnUntil } from './turn.ts'

const POISON = 'HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison'
const TIMED_OUT = 'HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n'
/** Longer than a connection is idle that is used again without a look at its socket. */
const IDLE_MS = 10

interface Setting {
  readonly server: RawServer
  readonly agent: HttpAgent | HttpsAgent
  readonly port: number
}

const CREATE_AGENT = {
  TCP: () => new HttpAgent(),
  TLS: () => new HttpsAgent({ ca: TEST_IDENTITY.cert }),
} as const

/** A server that answers the first request of its first connection so, and everything else by `ok`. */
const set = async (
  context: TestContext,
  answer: string,
  transport: keyof typeof CREATE_AGENT = 'TCP',
): Promise<Setting> => {
  const server = await serveRaw(
    context,
    transport === 'TLS',
    ({ socket, connection, index, text }) => {
      const body = connection === 1 && index === 1 ? answer : OK
      socket.write(text.startsWith('HEAD') && body === OK ? OK.slice(0, -2) : body)
    },
  )
  return { server, agent: forTest(context, CREATE_AGENT[transport]()), port: server.port }
}

const outcomeOf = ({ done }: Pending): Promise<unknown> =>
  done.then(
    ({ body }) => body,
    ({ code }) => code,
  )

for (const transport of ['TCP', 'TLS'] as const) {
  it(`takes a 408 on an idle connection for the close that it announces: ${transport}`, async (context) => {
    const { server, agent, port } = await set(context, OK, transport)
    await exchange({ agent, port })
    for (const socket of server.sockets) socket.write(TIMED_OUT)
    await turnUntil(() => agent.stats().closing + agent.stats().idle === 0)
    assert.deepEqual(agent.stats().closes, { peer_fin: 1 })
    assert.equal((await exchange({ agent, port })).body, 'ok')
  })
}

for (const [name, bytes, reason] of [
  ['a 408', TIMED_OUT, 'peer_fin'],
  ['an empty line and a 408', `\r\n${TIMED_OUT}`, 'peer_fin'],
  ['a 200', POISON, 'stray_data'],
  ['half a status line', 'HTTP/1.1', 'stray_data'],
  ['any byte', 'x', 'stray_data'],
  ['many empty lines', '\r\n'.repeat(100), 'stray_data'],
] as const) {
  it(`sees ${name} that the loop has not read, and why the connection is not used`, async (context) => {
    const { server, agent, port } = await set(context, OK)
    await exchange({ agent, port })
    await delay(IDLE_MS)
    await leaveTurn()
    for (const socket of server.sockets) socket.write(bytes)
    const { body, isReused } = await exchange({ agent, port })
    assert.deepEqual({ body, isReused }, { body: 'ok', isReused: false })
    assert.deepEqual(agent.stats().closes, { [reason]: 1 })
  })
}

it('sees bytes that come right behind a response, before a request that cannot be sent again', async (context) => {
  for (const method of ['POST', 'PATCH']) {
    const { server, agent, port } = await set(context, OK)
    await exchange({ agent, port })
    for (const socket of server.sockets) socket.write(POISON)
    const { body, isReused } = await exchange({ agent, port, method })
    assert.deepEqual({ body, isReused }, { body: 'ok', isReused: false })
  }
})

/** A response after which nothing more may be read from the connection, in the segment of its end. */
const SEGMENTS: Readonly<Record<string, string>> = {
  'a second response': OK + POISON,
  'stray bytes': `${OK}stray`,
  'one stray byte': `${OK}x`,
}

for (const [name, answer] of Object.entries(SEGMENTS)) {
  it(`never uses a connection again on which ${name} came with a response`, async (context) => {
    const { server, agent, port } = await set(context, answer)
    const peer = await set(context, answer)
    const native = forTest(context, new http.Agent({ keepAlive: true }))
    const first = await outcomeOf(start({ agent, port }))
    // What becomes of that response itself is Node's affair.
    assert.equal(first, await outcomeOf(start({ agent: native, port: peer.port })))
    for (let count = 0; count < 3; count++) {
      assert.equal((await exchange({ agent, port })).body, 'ok')
    }
    assert.equal(server.connectionCount(), 2)
  })
}

it('never delivers what half a response came before that came with a whole one', async (context) => {
  // Node's parser swallows the half without a word: it might be the beginning of anything.
  const { server, agent, port } = await set(context, `${OK}HTTP/1.1 200 `)
  await exchange({ agent, port })
  for (const socket of server.sockets) socket.write('OK\r\nContent-Length: 6\r\n\r\npoison')
  await turnUntil(() => agent.stats().closing + agent.stats().idle === 0)
  assert.deepEqual(agent.stats().closes, { stray_data: 1 })
})

/** Responses whose end is not where it seems, or that bring what they may not. */
const AMBIGUOUS: Readonly<Record<string, readonly [method: string, answer: string]>> = {
  'two different lengths': [
    'GET',
    'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 8\r\n\r\nokpoison',
  ],
  'a length and chunks': [
    'GET',
    `HTTP/1.1 200 OK\r\nContent-Length: 7\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n${POISON}`,
  ],
  'a HEAD answered with a body': ['HEAD', POISON],
  'a 204 with a body': ['GET', 'HTTP/1.1 204 No Content\r\nContent-Length: 6\r\n\r\npoison'],
  'a 304 with a body': ['GET', 'HTTP/1.1 304 Not Modified\r\nContent-Length: 6\r\n\r\npoison'],
  'an HTTP/1.0 response': ['GET', 'HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok'],
}

for (const [name, [method, answer]] of Object.entries(AMBIGUOUS)) {
  it(`never takes a part of one response for another: ${name}`, async (context) => {
    const { server, agent, port } = await set(context, answer)
    await outcomeOf(start({ agent, port, method }))
    for (const text of ['GET', 'HEAD', 'GET']) {
      const { status, body } = await exchange({ agent, port, method: text })
      assert.deepEqual([status, body], [200, text === 'GET' ? 'ok' : ''])
    }
    assert.equal(server.arrivals.filter(({ connection }) => connection === 1).length, 1)
  })
}

it('reads many interim responses, and keeps the connection', async (context) => {
  const interim = 'HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n\r\n'
  const { server, agent, port } = await set(context, interim.repeat(1000) + OK)
  const { request, done } = start({ agent, port })
  let count = 0
  request.on('information', () => count++)
  assert.equal((await done).body, 'ok')
  assert.equal(count, 1000)
  assert.equal((await exchange({ agent, port })).isReused, true)
  assert.equal(server.connectionCount(), 1)
})

it('counts as idle no connection on which an interim response comes too late', async (context) => {
  const { server, agent, port } = await set(context, OK)
  await exchange({ agent, port })
  for (const socket of server.sockets) socket.write('HTTP/1.1 103 Early Hints\r\n\r\n')
  await turnUntil(() => agent.stats().closing + agent.stats().idle === 0)
  assert.deepEqual(agent.stats().closes, { stray_data: 1 })
})

const TOO_LARGE = 'HTTP/1.1 413 Content Too Large\r\nContent-Length: 2\r\n\r\nno'
const LARGE_BODY = 'x'.repeat(20_000_000)

/** Answers as soon as the first bytes come on the connection, and reads no more of it. */
const answerEarly = (socket: Socket): void => {
  socket.prependOnceListener('data', () => {
    socket.removeAllListeners('data')
    socket.pause()
    socket.write(TOO_LARGE)
  })
}

const readToEnd = (response: http.IncomingMessage): Promise<void> =>
  new Promise((resolve) => {
    response.resume()
    response.on('end', resolve)
  })

/** Sends more than a server reads that answers early: nobody may use the connection after that. */
const uploadInVain = async (
  agent: HttpAgent | HttpsAgent,
  port: number,
  method: string,
): Promise<void> => {
  const { request, begun } = start({ agent, port, method, body: LARGE_BODY })
  const response = await begun
  assert.equal(response.statusCode, 413)
  await readToEnd(response)
  for (let count = 0; count < 5; count++) await turn()
  assert.equal(agent.stats().idle, 0)
  request.destroy()
  await turnUntil(() => agent.stats().leased === 0)
  assert.equal(agent.stats().idle, 0)
}

it('uses no connection again whose response came before its request was complete', async (context) => {
  const { server, agent, port } = await set(context, OK)
  server.onConnection = answerEarly
  await uploadInVain(agent, port, 'POST')
  server.onConnection = undefined
  assert.equal((await exchange({ agent, port })).isReused, false)
})

it('nor where that was sent for the second time', async (context) => {
  const server = await serveRaw(context, false, ({ socket, index }) => {
    if (index === 1) {
      socket.write(OK)
      return
    }
    server.onConnection = answerEarly
    socket.end()
  })
  const { port } = server
  const agent = forTest(context, new HttpAgent({ policy: { replay: 'idempotent' } }))
  await exchange({ agent, port })
  await uploadInVain(agent, port, 'PUT')
})

it('gives a connection back once all is read of what was sent for the second time', async (context) => {
  let reader: Socket | undefined
  const server = await serveRaw(context, false, ({ socket, index, connection }) => {
    if (index === 1 && connection === 1) {
      socket.write(OK)
      return
    }
    server.onConnection = (next) => {
      reader = next
      answerEarly(next)
    }
    socket.end()
  })
  const { port } = server
  const agent = forTest(context, new HttpAgent({ policy: { replay: 'idempotent' } }))
  await exchange({ agent, port })
  const { begun, closed } = start({ agent, port, method: 'PUT', body: LARGE_BODY })
  await readToEnd(await begun)
  reader?.resume()
  await closed
  await turnUntil(() => agent.stats().leased === 0)
})
