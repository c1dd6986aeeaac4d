import assert from 'node:assert/strict'
import { once } from 'node:events'
import http, { type IncomingMessage } from 'node:http'
import https from 'node:https'
import type { Socket } from 'node:net'
import { Duplex, Writable } from 'node:stream'
import { describe, it, type TestContext } from 'node:test'
import { type HttpAgent, requestRecord } from '@holdfast/http-agent'
import { bytesPassed } from '../../dist/driver/socket-handle.js'
import { exchange, open, start } from './exchange.ts'
import { type FakeClock, fakeClock } from './fake-clock.ts'
import { forTest } from './loopback.ts'
import { isPending, passSilence, silenceUntilBroken, TIMEOUT_MS } from './pass-silence.ts'
import { failingSecond, OK, type RawArrival, type RawServer, serveRaw } from './raw-server.ts'
import { TRANSPORTS } from './reused.ts'
import { turnUntil } from './turn.ts'

const CODE = 'ERR_HOLDFAST_RESPONSE_TIMEOUT'
const HEAD = 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n'
/** More than the system takes at once, whatever buffers it has. */
const LARGE = 40_000_000

type Transport = keyof typeof TRANSPORTS

interface Stage {
  readonly clock: FakeClock
  readonly server: RawServer
  readonly agent: HttpAgent
  readonly port: number
  readonly transport: Transport
}

const ignore = (): void => undefined

const failureOf = (emitter: NodeJS.EventEmitter): Promise<never> =>
  new Promise((_, reject) => {
    emitter.once('error', reject)
  })

const begin = async (
  context: TestContext,
  transport: Transport,
  behave: (arrival: RawArrival) => void = ignore,
): Promise<Stage> => {
  const server = await serveRaw(context, transport === 'TLS', behave)
  // Else the system may keep a few bytes back until what went before is acknowledged.
  server.onConnection = (socket) => socket.setNoDelay()
  const clock = fakeClock(context)
  const agent = forTest(context, TRANSPORTS[transport]({ responseTimeoutMs: TIMEOUT_MS }))
  return { clock, server, agent, port: server.port, transport }
}

/** A response of which `part` has come, and of which nothing has been read. */
const respond = async (
  stage: Stage,
  part: string,
): Promise<{ readonly response: IncomingMessage; readonly peer: Socket }> => {
  const { agent, port, server, transport } = stage
  const { get } = transport === 'TLS' ? https : http
  const request = get({ agent, host: '127.0.0.1', port })
  request.on('error', ignore)
  await turnUntil(() => server.arrivals.length === 1)
  const peer = server.arrivals[0]?.socket as Socket
  peer.write(HEAD + part)
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  return { response, peer }
}

const KEPT = {
  upgrade: {
    options: { headers: { connection: 'Upgrade', upgrade: 'test' } },
    head: 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: test\r\n\r\n',
  },
  connect: { options: { method: 'CONNECT', path: '127.0.0.1:1' }, head: 'HTTP/1.1 200 OK\r\n\r\n' },
} as const

/** A request that keeps its socket, which then says nothing for long. */
const keepSilent = async (
  context: TestContext,
  transport: Transport,
  event: keyof typeof KEPT,
): Promise<void> => {
  const { head, options } = KEPT[event]
  const { agent, clock, port, server } = await begin(context, transport, (arrival) => {
    arrival.socket.write(head)
  })
  const { request } = start({ agent, port, ...options })
  const [, socket] = (await once(request, event)) as [IncomingMessage, Socket]
  await passSilence(clock, 10 * TIMEOUT_MS)
  assert.equal(socket.destroyed, false)
  server.arrivals[0]?.socket.write('still there')
  assert.equal(String((await once(socket, 'data'))[0]), 'still there')
  socket.destroy()
}

/** A request whose body is more than the peer takes. */
const overfill = async (
  context: TestContext,
  transport: Transport,
  isEnded: boolean,
): Promise<void> => {
  const { agent, clock, port, server } = await begin(context, transport)
  server.onConnection = (socket) => socket.pause()
  const { request, done } = open({ agent, port, method: 'POST' })
  request.write('x'.repeat(LARGE))
  if (isEnded) request.end()
  const { error } = await silenceUntilBroken(clock, done)
  assert.equal((error as NodeJS.ErrnoException).code, CODE)
  assert.equal((error as Error & { responseStarted: boolean }).responseStarted, false)
}

type Scenario = (context: TestContext, transport: Transport) => Promise<void>

const SCENARIOS: Readonly<Record<string, Scenario>> = {
  'tells what is known of a request that failed': async (context, transport) => {
    const { agent, clock, port, server } = await begin(context, transport, failingSecond(ignore))
    await exchange({ agent, port })
    const { request, done } = start({ agent, port, method: 'POST', body: 'body' })
    const { error } = await silenceUntilBroken(clock, done)
    const truth = {
      reusedSocket: true,
      bytesWritten: server.arrivals[1]?.text.length,
      responseStarted: false,
      replayed: false,
      safeToRetry: false,
    }
    assert.deepEqual({ ...error }, { name: 'ResponseTimeoutError', code: CODE, ...truth })
    assert.deepEqual(requestRecord(request)?.failure, truth)
    assert.equal(request.destroyed, true)
  },

  'fails a request and what has come of its response alike': async (context, transport) => {
    const stage = await begin(context, transport)
    const { agent, port, server, clock } = stage
    const { request, begun, closed } = start({ agent, port })
    await turnUntil(() => server.arrivals.length === 1)
    server.arrivals[0]?.socket.write(`${HEAD}part`)
    const response = await begun
    response.resume()
    const requestFailure = failureOf(request)
    requestFailure.catch(ignore)
    const { error } = await silenceUntilBroken(clock, failureOf(response))
    assert.equal((error as NodeJS.ErrnoException).code, CODE)
    assert.equal((error as Error & { responseStarted: boolean }).responseStarted, true)
    await assert.rejects(requestFailure, (other) => other === error)
    assert.equal(response.complete, false)
    await closed
    await turnUntil(() => server.sockets.size === 0)
    assert.deepEqual(agent.stats().closes, { response_timeout: 1 })
  },

  'leaves a response alone that nobody has begun to read': async (context, transport) => {
    const stage = await begin(context, transport)
    const { response, peer } = await respond(stage, 'long')
    await passSilence(stage.clock, 10 * TIMEOUT_MS)
    assert.equal(response.destroyed, false)
    peer.write(' last')
    assert.equal((await response.toArray()).join(''), 'long last')
  },

  'leaves a response alone that its reader has paused, and no longer': async (
    context,
    transport,
  ) => {
    const stage = await begin(context, transport)
    const { response } = await respond(stage, 'part')
    const failure = failureOf(response)
    response.on('data', () => response.pause())
    await passSilence(stage.clock, 10 * TIMEOUT_MS)
    assert.equal(await isPending(failure), true)
    response.resume()
    const { error } = await silenceUntilBroken(stage.clock, failure)
    assert.equal((error as NodeJS.ErrnoException).code, CODE)
  },

  'fails a response whose reader waits for the next chunk': async (context, transport) => {
    const stage = await begin(context, transport)
    const { response } = await respond(stage, 'part')
    const chunks: string[] = []
    const reading = (async () => {
      for await (const chunk of response) chunks.push(String(chunk))
    })()
    const { error } = await silenceUntilBroken(stage.clock, reading)
    assert.equal((error as NodeJS.ErrnoException).code, CODE)
    assert.deepEqual(chunks, ['part'])
  },

  'leaves a response alone whose reader is slow': async (context, transport) => {
    const { agent, clock, port } = await begin(context, transport, ({ socket }) => {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${LARGE}\r\n\r\n`)
      socket.write('x'.repeat(LARGE))
    })
    const { begun } = start({ agent, port })
    let isSlow = true
    let length = 0
    const held: (() => void)[] = []
    const reader = new Writable({
      write: (chunk: Buffer, _encoding, callback) => {
        length += chunk.length
        if (isSlow) held.push(callback)
        else callback()
      },
    })
    const finished = once(reader, 'finish')
    ;(await begun).pipe(reader)
    const isHeld = (): boolean => held.length > 0
    for (let count = 0; count < 5; count++) {
      await turnUntil(isHeld)
      await passSilence(clock, 3 * TIMEOUT_MS)
      held.pop()?.()
    }
    await turnUntil(isHeld)
    isSlow = false
    held.pop()?.()
    await turnUntil(() => length === LARGE)
    await finished
  },

  'leaves a request alone whose body its caller still produces': async (context, transport) => {
    const { agent, clock, port } = await begin(context, transport, ({ socket }) => socket.write(OK))
    const { request, done } = open({ agent, port, method: 'POST' })
    request.write('first')
    await passSilence(clock, 10 * TIMEOUT_MS)
    assert.equal(await isPending(done), true)
    request.end('last')
    assert.equal((await done).status, 200)
  },

  'leaves a request alone whose socket its caller has paused': async (context, transport) => {
    const { agent, clock, port, server } = await begin(context, transport)
    const { request, done } = start({ agent, port })
    await turnUntil(() => server.arrivals.length === 1)
    request.socket?.pause()
    await passSilence(clock, 10 * TIMEOUT_MS)
    assert.equal(await isPending(done), true)
    request.socket?.resume()
    server.arrivals[0]?.socket.write(OK)
    assert.equal((await done).status, 200)
  },

  'leaves a request alone that waits for 100 Continue': async (context, transport) => {
    const { agent, clock, port, server } = await begin(context, transport)
    const { request, done } = open({
      agent,
      port,
      method: 'POST',
      headers: { expect: '100-continue', 'content-length': 4 },
    })
    request.flushHeaders()
    request.on('continue', () => request.end('body'))
    await turnUntil(() => server.sockets.size === 1)
    await passSilence(clock, 10 * TIMEOUT_MS)
    const [peer] = server.sockets
    peer?.write('HTTP/1.1 100 Continue\r\n\r\n')
    await turnUntil(() => server.arrivals.length === 1)
    peer?.write(OK)
    assert.equal((await done).status, 200)
  },

  'leaves a body alone of which the peer takes some now and then': async (context, transport) => {
    const { agent, clock, port, server } = await begin(context, transport, ({ socket }) =>
      socket.write(OK),
    )
    server.onConnection = (socket) => socket.pause()
    const body = 'x'.repeat(LARGE)
    const { request, done } = start({ agent, port, method: 'POST', body })
    await turnUntil(() => server.sockets.size === 1)
    const [peer] = [...server.sockets] as [Socket]
    for (let count = 0; count < 5; count++) {
      await passSilence(clock, TIMEOUT_MS - 20)
      assert.equal(await isPending(done), true)
      const takenBefore = bytesPassed(request.socket as Socket) as number
      peer.resume()
      await turnUntil(() => bytesPassed(request.socket as Socket) !== takenBefore)
      peer.pause()
    }
    peer.resume()
    assert.equal((await done).status, 200)
  },

  'leaves an upgraded socket alone': (context, transport) =>
    keepSilent(context, transport, 'upgrade'),

  'leaves a tunnel alone': (context, transport) => keepSilent(context, transport, 'connect'),

  'fails a request whose body the peer takes no more of': (context, transport) =>
    overfill(context, transport, true),

  'fails a request likewise whose body is not complete': (context, transport) =>
    overfill(context, transport, false),
}

for (const transport of ['TCP', 'TLS'] as const) {
  describe(transport, () => {
    for (const [what, play] of Object.entries(SCENARIOS)) {
      it(what, (context) => play(context as TestContext, transport))
    }
  })
}

it('leaves a stream alone that does not count its bytes', async (context) => {
  const clock = fakeClock(context)
  const agent = forTest(context, TRANSPORTS.TCP({ responseTimeoutMs: TIMEOUT_MS }))
  const stream = new Duplex({ read: ignore, write: (_chunk, _encoding, callback) => callback() })
  agent.createConnection = () => stream as Socket
  const { request, done } = start({ agent, port: 1 })
  await once(request, 'finish')
  await passSilence(clock, 10 * TIMEOUT_MS)
  assert.equal(await isPending(done), true)
  stream.push(OK)
  assert.equal((await done).status, 200)
})
