import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import net, { type Socket } from 'node:net'
import process from 'node:process'
import { duplexPair } from 'node:stream'
import { it, type TestContext } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import tls from 'node:tls'
import { fileURLToPath } from 'node:url'
import { HttpAgent, HttpsAgent } from '@holdfast/http-agent'
import { exchange, start } from './exchange.ts'
import { fakeClock } from './fake-clock.ts'
import {
  forTest,
  type LoopbackServer,
  listen,
  serveHttp,
  serveHttps,
  serveOnDemand,
  TEST_IDENTITY,
} from './loopback.ts'
import { leaveTurn, turnUntil } from './turn.ts'

const ANSWER = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'
const POISON = 'HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison'
/** Longer than a connection is idle that is used again without a look at its socket. */
const IDLE_MS = 10

interface Peer {
  readonly port: number
  /** The other side of the newest connection. */
  readonly socket: () => Socket
}

/** Unlike `once`, it does not mind an error. */
const closeOf = (socket: Socket): Promise<void> =>
  new Promise((resolve) => {
    socket.on('close', () => resolve())
  })

const answering = (sockets: Socket[], answer: string) => (socket: Socket) => {
  sockets.push(socket)
  socket.on('error', () => undefined)
  socket.on('data', () => socket.write(answer))
}

const TRANSPORTS = {
  TCP: {
    createAgent: () => new HttpAgent(),
    serve: async (context: TestContext, answer = ANSWER): Promise<Peer> => {
      const sockets: Socket[] = []
      const { port } = await listen(context, net.createServer(answering(sockets, answer)))
      return { port, socket: () => sockets.at(-1) as Socket }
    },
  },
  TLS: {
    createAgent: () => new HttpsAgent({ ca: TEST_IDENTITY.cert }),
    serve: async (context: TestContext, answer = ANSWER): Promise<Peer> => {
      const sockets: Socket[] = []
      const server = tls.createServer({ ...TEST_IDENTITY }, answering(sockets, answer))
      const { port } = await listen(context, server)
      return { port, socket: () => sockets.at(-1) as Socket }
    },
  },
} as const

for (const [transport, { createAgent, serve }] of Object.entries(TRANSPORTS)) {
  it(`closes an idle socket on which bytes come, and never takes them for a response: ${transport}`, async (context) => {
    const peer = await serve(context)
    const agent = forTest(context, createAgent())
    const { socket } = await exchange({ agent, port: peer.port })
    peer.socket().write(POISON)
    await closeOf(socket)
    assert.deepEqual(agent.stats().closes, { stray_data: 1 })
    const { body, isReused } = await exchange({ agent, port: peer.port })
    assert.deepEqual({ body, isReused }, { body: 'ok', isReused: false })
  })

  it(`never takes bytes for a response that came right behind the last one: ${transport}`, async (context) => {
    const peer = await serve(context, ANSWER + POISON)
    const agent = forTest(context, createAgent())
    for (let count = 0; count < 3; count++) {
      const { body, isReused } = await exchange({ agent, port: peer.port })
      assert.deepEqual({ body, isReused }, { body: 'ok', isReused: false })
    }
  })

  it(`passes over empty lines on an idle socket: ${transport}`, async (context) => {
    const peer = await serve(context)
    const agent = forTest(context, createAgent())
    const { socket } = await exchange({ agent, port: peer.port })
    for (const line of ['\r\n', '\n', '\r\n\r\n']) {
      const { bytesRead } = socket
      peer.socket().write(line)
      // A look at the descriptor could not tell what it is that comes by TLS.
      await turnUntil(() => socket.bytesRead > bytesRead)
      await delay(IDLE_MS)
      const { body, isReused } = await exchange({ agent, port: peer.port })
      assert.deepEqual({ body, isReused }, { body: 'ok', isReused: true })
    }
  })

  it(`sees at once that the peer closes an idle socket: ${transport}`, async (context) => {
    const peer = await serve(context)
    const agent = forTest(context, createAgent())
    const { socket } = await exchange({ agent, port: peer.port })
    peer.socket().end()
    await closeOf(socket)
    assert.deepEqual(agent.stats().closes, { peer_fin: 1 })
    assert.equal((await exchange({ agent, port: peer.port })).isReused, false)
  })

  it(`has no data listener on an idle socket, nor when a response ends: ${transport}`, async (context) => {
    const peer = await serve(context)
    const agent = forTest(context, createAgent())
    for (let count = 0; count < 2; count++) {
      const { request, done } = start({ agent, port: peer.port })
      const counts: number[] = []
      request.on('response', (response) => {
        const { socket } = response
        response.on('end', () => counts.push(socket.listenerCount('data')))
        response.on('close', () => counts.push(socket.listenerCount('data')))
      })
      const { socket } = await done
      counts.push(socket.listenerCount('data'), socket.listenerCount('readable'))
      assert.deepEqual(counts, [0, 0, 0, 0])
    }
  })
}

it('sees at once that the peer resets an idle socket', async (context) => {
  const peer = await TRANSPORTS.TCP.serve(context)
  const agent = forTest(context, new HttpAgent())
  const { socket } = await exchange({ agent, port: peer.port })
  peer.socket().resetAndDestroy()
  await closeOf(socket)
  assert.deepEqual(agent.stats().closes, { peer_reset: 1 })
  assert.equal((await exchange({ agent, port: peer.port })).isReused, false)
})

it('sees bytes that the loop has not read yet when it is about to reuse a socket', async (context) => {
  const peer = await TRANSPORTS.TCP.serve(context)
  const agent = forTest(context, new HttpAgent())
  await exchange({ agent, port: peer.port })
  await delay(IDLE_MS)
  await leaveTurn()
  peer.socket().write(POISON)
  const { body, isReused } = await exchange({ agent, port: peer.port })
  assert.deepEqual({ body, isReused }, { body: 'ok', isReused: false })
  assert.deepEqual(agent.stats().closes, { stray_data: 1 })
})

it('passes over an empty line that the loop has not read yet', async (context) => {
  const peer = await TRANSPORTS.TCP.serve(context)
  const agent = forTest(context, new HttpAgent())
  await exchange({ agent, port: peer.port })
  await delay(IDLE_MS)
  await leaveTurn()
  peer.socket().write('\r\n')
  const { body, isReused } = await exchange({ agent, port: peer.port })
  assert.deepEqual({ body, isReused }, { body: 'ok', isReused: true })
})

it('closes an idle stream that is no socket on which bytes come', async (context) => {
  const { server, port } = await serveHttp(context)
  const peers: NodeJS.WritableStream[] = []
  const agent = forTest(context, new HttpAgent())
  Object.assign(agent, {
    createConnection: () => {
      const [client, peer] = duplexPair()
      peers.push(peer)
      server.emit('connection', peer)
      return client
    },
  })
  const { socket } = await exchange({ agent, port })
  peers[0]?.write(POISON)
  await closeOf(socket)
  assert.deepEqual(agent.stats().closes, { stray_data: 1 })
  assert.equal((await exchange({ agent, port })).body, 'ok')
})

const countsOf = (socket: Socket): Readonly<Record<string, number>> =>
  Object.fromEntries(socket.eventNames().map((name) => [String(name), socket.listenerCount(name)]))

it('has as many listeners on a socket after 10,000 reuses as after one', async (context) => {
  const peer = await TRANSPORTS.TCP.serve(context)
  const agent = forTest(context, new HttpAgent())
  const ask = async (): Promise<Socket> => (await exchange({ agent, port: peer.port })).socket
  await ask()
  const socket = await ask()
  const before = countsOf(socket)
  for (let count = 0; count < 10_000; count++) await ask()
  assert.equal(await ask(), socket)
  assert.deepEqual(countsOf(socket), before)
  assert.equal(agent.stats().reuses, 10_002)
})

for (const [protocol, serve] of [
  ['http', serveHttp],
  ['https', serveHttps],
] as const) {
  it(`lets the process end that has nothing but idle sockets: ${protocol}`, async (context) => {
    const { port }: LoopbackServer = await serve(context)
    const script = fileURLToPath(new URL('idle-process.js', import.meta.url))
    const child = spawn(process.execPath, [script, protocol, String(port)], { env: {} })
    context.after(() => child.kill())
    let output = ''
    child.stdout.on('data', (bytes) => {
      output += bytes
    })
    child.stderr.pipe(process.stderr)
    const [code] = await once(child, 'close')
    assert.deepEqual({ code, output }, { code: 0, output: 'okok 3 idle' })
  })
}

it('closes an idle connection by the deadline that idleTimeoutMs sets', async (context) => {
  const { port } = await serveHttp(context)
  const clock = fakeClock(context)
  const agent = forTest(context, new HttpAgent({ policy: { idleTimeoutMs: 40 } }))
  const { socket } = await exchange({ agent, port })
  await clock.pass(39)
  assert.equal(agent.stats().idle, 1)
  const closed = closeOf(socket)
  await clock.pass(1)
  await closed
  assert.deepEqual(agent.stats().closes, { idle_timeout: 1 })
})

it('closes an idle connection by that deadline on the clock of the machine', async (context) => {
  const { port } = await serveHttp(context)
  const agent = forTest(context, new HttpAgent({ policy: { idleTimeoutMs: 40 } }))
  const { socket } = await exchange({ agent, port })
  await closeOf(socket)
  assert.deepEqual(agent.stats().closes, { idle_timeout: 1 })
})

it('starts the idle time anew with each use', async (context) => {
  const { port, connectionCount } = await serveHttp(context)
  const clock = fakeClock(context)
  const agent = forTest(context, new HttpAgent({ policy: { idleTimeoutMs: 500 } }))
  for (let count = 0; count < 4; count++) {
    await exchange({ agent, port })
    await clock.pass(499)
  }
  assert.equal(connectionCount(), 1)
})

it('announces the last of maxRequestsPerConnection requests as the last', async (context) => {
  const { port, connectionCount } = await serveHttp(context, (request, response) => {
    response.end(request.headers.connection)
  })
  const agent = forTest(context, new HttpAgent({ policy: { maxRequestsPerConnection: 3 } }))
  const bodies: string[] = []
  for (let count = 0; count < 6; count++) bodies.push((await exchange({ agent, port })).body)
  const expected = ['keep-alive', 'keep-alive', 'close']
  assert.deepEqual(bodies, [...expected, ...expected])
  assert.equal(connectionCount(), 2)
  await turnUntil(() => agent.stats().closing === 0)
  assert.deepEqual(agent.stats().closes, { max_requests: 2 })
})

it('announces the only request of a connection as the last where maxRequestsPerConnection is 1', async (context) => {
  const { port } = await serveHttp(context, (request, response) => {
    response.end(request.headers.connection)
  })
  const agent = forTest(context, new HttpAgent({ policy: { maxRequestsPerConnection: 1 } }))
  const pending = [1, 2, 3].map(() => exchange({ agent, port }))
  const bodies = (await Promise.all(pending)).map(({ body }) => body)
  assert.deepEqual(bodies, ['close', 'close', 'close'])
})

it('closes an idle connection by the deadline that maxConnectionAgeMs sets', async (context) => {
  const { port } = await serveHttp(context)
  const clock = fakeClock(context)
  const agent = forTest(
    context,
    new HttpAgent({ policy: { maxConnectionAgeMs: 40, connectionAgeJitter: 0 } }),
  )
  const { socket } = await exchange({ agent, port })
  const closed = closeOf(socket)
  await clock.pass(40)
  await closed
  assert.deepEqual(agent.stats().closes, { max_age: 1 })
})

it('lets a request finish during which its connection comes of age', async (context) => {
  const { port, next } = await serveOnDemand(context)
  const clock = fakeClock(context)
  const agent = forTest(
    context,
    new HttpAgent({ policy: { maxConnectionAgeMs: 20, connectionAgeJitter: 0 } }),
  )
  for (let count = 0; count < 2; count++) {
    const { done } = start({ agent, port })
    const { response } = await next()
    await clock.pass(20)
    response.end('ok')
    const { body, isReused } = await done
    assert.deepEqual({ body, isReused }, { body: 'ok', isReused: false })
  }
})
