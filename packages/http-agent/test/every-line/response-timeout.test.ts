import assert from 'node:assert/strict'
import net from 'node:net'
import { describe, it, type TestContext } from 'node:test'
import { type FakeClock, fakeClock } from './fake-clock.ts'
import { listen } from './loopback.ts'
import {
  isPending,
  passSilence,
  passUntilSettled,
  silenceUntilBroken,
  TIMEOUT_MS,
} from './pass-silence.ts'
import { CLIENT_KINDS, type ClientKind, type PooledClient } from './pooled-client.ts'
import { failingSecond, OK, type RawArrival, type RawServer, serveRaw } from './raw-server.ts'
import { leaveTurn, turnUntil } from './turn.ts'

const CODE = 'ERR_HOLDFAST_RESPONSE_TIMEOUT'
const HEAD = 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n'

interface Stage {
  readonly clock: FakeClock
  readonly server: RawServer
  readonly client: PooledClient
  readonly port: number
}

const begin = async (
  context: TestContext,
  { create }: ClientKind,
  isSecure: boolean,
  behave: (arrival: RawArrival) => void,
): Promise<Stage> => {
  const server = await serveRaw(context, isSecure, behave)
  // Else the system may keep a few bytes back until what went before is acknowledged.
  server.onConnection = (socket) => socket.setNoDelay()
  const clock = fakeClock(context)
  const client = create(context, { responseTimeoutMs: TIMEOUT_MS }, {}, isSecure)
  return { clock, server, client, port: server.port }
}

const ignore = (): void => undefined

/** The second request of the only connection is under way, and the server says nothing to it. */
const silentSecond = async (
  stage: Stage,
  method: string,
): Promise<{ readonly asked: ReturnType<PooledClient['ask']> }> => {
  const { client, port, server } = stage
  await client.ask({ port })
  const asked = client.ask({ port, method })
  asked.catch(ignore)
  await turnUntil(() => server.arrivals.length === 2)
  return { asked }
}

type Scenario = (context: TestContext, kind: ClientKind, isSecure: boolean) => Promise<void>

const SCENARIOS: Readonly<Record<string, Scenario>> = {
  'fails a request that hears nothing, once, and destroys its connection': async (
    context,
    kind,
    isSecure,
  ) => {
    const { clock, server, client, port } = await begin(context, kind, isSecure, ignore)
    const asked = client.ask({ port })
    await turnUntil(() => server.arrivals.length === 1)
    const [name] = Object.keys(client.stats().origins)
    const { passedMs, error } = await silenceUntilBroken(clock, asked)
    assert.equal((error as NodeJS.ErrnoException).code, CODE)
    assert.equal(error.message, `nothing was heard from ${name} for ${TIMEOUT_MS} ms`)
    // The first look begins the silence, which is not cut short.
    assert.equal(passedMs, TIMEOUT_MS + TIMEOUT_MS / 8)
    await turnUntil(() => server.sockets.size === 0)
    assert.equal(server.arrivals.length, 1)
    assert.deepEqual(client.stats().closes, { response_timeout: 1 })
  },

  'fails one within its response, counting from the last that came': async (
    context,
    kind,
    isSecure,
  ) => {
    const { clock, server, client, port } = await begin(context, kind, isSecure, ({ socket }) => {
      socket.write(HEAD)
    })
    const asked = client.ask({ port })
    await turnUntil(() => server.arrivals.length === 1)
    for (let count = 0; count < 8; count++) {
      await passSilence(clock, TIMEOUT_MS - 20)
      assert.equal(await isPending(asked), true)
      server.arrivals[0]?.socket.write('x')
    }
    const { error } = await silenceUntilBroken(clock, asked)
    assert.equal((error as NodeJS.ErrnoException).code, CODE)
    await turnUntil(() => server.sockets.size === 0)
  },

  'lets a response take as long as it likes while something comes of it': async (
    context,
    kind,
    isSecure,
  ) => {
    const { clock, server, client, port } = await begin(context, kind, isSecure, ({ socket }) => {
      socket.write(HEAD)
    })
    const asked = client.ask({ port })
    await turnUntil(() => server.arrivals.length === 1)
    for (const byte of 'long last') {
      await passSilence(clock, TIMEOUT_MS - 20)
      server.arrivals[0]?.socket.write(byte)
    }
    assert.deepEqual(await asked, { status: 200, body: 'long last' })
    await passSilence(clock, 10 * TIMEOUT_MS)
    assert.equal(client.stats().idle, 1)
  },

  'sends a GET again whose connection was reused and is dead in silence': async (
    context,
    kind,
    isSecure,
  ) => {
    const stage = await begin(context, kind, isSecure, failingSecond(ignore))
    const { clock, server, client } = stage
    const { asked } = await silentSecond(stage, 'GET')
    await passUntilSettled(clock, asked)
    assert.deepEqual(await asked, { status: 200, body: 'ok' })
    const [, first, second] = server.arrivals
    assert.equal(first?.text, second?.text)
    assert.deepEqual([first?.connection, second?.connection], [1, 2])
    const { closes, replays } = client.stats()
    assert.deepEqual({ closes, replays }, { closes: { response_timeout: 1 }, replays: 1 })
    await turnUntil(() => server.sockets.size === 1)
  },

  'sends it again once only': async (context, kind, isSecure) => {
    const stage = await begin(context, kind, isSecure, ({ socket, connection, index }) => {
      if (connection === 1 && index === 1) socket.write(OK)
    })
    const { asked } = await silentSecond(stage, 'GET')
    const { error } = await silenceUntilBroken(stage.clock, asked)
    assert.equal((error as NodeJS.ErrnoException).code, CODE)
    assert.equal(stage.server.arrivals.length, 3)
    assert.deepEqual(stage.client.stats().closes, { response_timeout: 2 })
  },

  'does not send a POST again': async (context, kind, isSecure) => {
    const stage = await begin(context, kind, isSecure, failingSecond(ignore))
    const { asked } = await silentSecond(stage, 'POST')
    const { error } = await silenceUntilBroken(stage.clock, asked)
    assert.equal((error as NodeJS.ErrnoException).code, CODE)
    assert.equal(stage.server.arrivals.length, 2)
  },

  'hears first what has come while the event loop was held up': async (context, kind, isSecure) => {
    const { clock, server, client, port } = await begin(context, kind, isSecure, ignore)
    const asked = client.ask({ port })
    await turnUntil(() => server.arrivals.length === 1)
    await passSilence(clock, TIMEOUT_MS / 2)
    server.arrivals[0]?.socket.write(OK)
    await clock.pass(100 * TIMEOUT_MS)
    await leaveTurn()
    await clock.pass(1)
    assert.deepEqual(await asked, { status: 200, body: 'ok' })
  },
}

for (const kind of CLIENT_KINDS) {
  for (const isSecure of [false, true]) {
    describe(`${kind.name}, ${isSecure ? 'TLS' : 'TCP'}`, () => {
      for (const [what, play] of Object.entries(SCENARIOS)) {
        it(what, (context) => play(context as TestContext, kind, isSecure))
      }
    })
  }

  it(`${kind.name}: waits for ever unless it is told otherwise`, async (context) => {
    const server = await serveRaw(context, false, ignore)
    const clock = fakeClock(context)
    const asked = kind.create(context).ask({ port: server.port })
    await turnUntil(() => server.arrivals.length === 1)
    await clock.pass(100_000)
    assert.equal(await isPending(asked), true)
    server.arrivals[0]?.socket.write(OK)
    await asked
  })

  it(`${kind.name}: has no say in how long a dial takes`, async (context) => {
    const { port, connectionCount } = await listen(context, net.createServer())
    const clock = fakeClock(context)
    const client = kind.create(context, { responseTimeoutMs: TIMEOUT_MS }, {}, true)
    const asked = client.ask({ port })
    asked.catch(ignore)
    await turnUntil(() => connectionCount() === 1)
    await passSilence(clock, 10 * TIMEOUT_MS)
    assert.equal(await isPending(asked), true)
  })

  it(`${kind.name}: has no say in how long a request is queued`, async (context) => {
    const server = await serveRaw(context, false, ignore)
    server.onConnection = (peer) => peer.setNoDelay()
    const clock = fakeClock(context)
    const caps = { perOrigin: 1 }
    const client = kind.create(context, { responseTimeoutMs: TIMEOUT_MS }, caps)
    const { port } = server
    const first = client.ask({ port })
    await turnUntil(() => server.arrivals.length === 1)
    const socket = server.arrivals[0]?.socket
    socket?.write('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n')
    const second = client.ask({ port })
    for (let count = 0; count < 10; count++) {
      await passSilence(clock, TIMEOUT_MS - 20)
      socket?.write('x')
    }
    assert.equal((await first).body.length, 10)
    await turnUntil(() => server.arrivals.length === 2)
    await passSilence(clock, TIMEOUT_MS - 20)
    socket?.write(OK)
    assert.equal((await second).body, 'ok')
  })

  for (const responseTimeoutMs of [0, -1, 0.5, Number.NaN, '80', null]) {
    it(`${kind.name}: refuses ${String(responseTimeoutMs)} for it`, (context) => {
      const policy = { responseTimeoutMs } as { responseTimeoutMs: number }
      assert.throws(() => kind.create(context as TestContext, policy), {
        code: 'ERR_HOLDFAST_INVALID_OPTION',
        key: 'policy.responseTimeoutMs',
        allowed: 'a number from 1, or Infinity',
      })
    })
  }
}
