import assert from 'node:assert/strict'
import { AsyncLocalStorage } from 'node:async_hooks'
import { once } from 'node:events'
import type { ClientRequest } from 'node:http'
import type { Socket } from 'node:net'
import { it, type TestContext } from 'node:test'
import { HttpAgent } from '@holdfast/http-agent'
import { exchange, open, start } from './exchange.ts'
import { forTest } from './loopback.ts'
import { failingSecond, OK, serveRaw } from './raw-server.ts'
import { bodiesOf, fin, namesOf, type Reused, reuse } from './reused.ts'
import { turnUntil } from './turn.ts'

interface Limbo extends Reused {
  /** The callbacks of the dials in progress. */
  readonly dials: ((error: Error | null, socket?: Socket) => void)[]
}

/** The same as {@link reuse}, but that dials do not come to an end by themselves. */
const reuseIntoLimbo = async (context: TestContext): Promise<Limbo> => {
  const reused = await reuse(context)
  const dials: Limbo['dials'] = []
  Object.assign(reused.agent, {
    createConnection: (_options: unknown, callback: (error: Error | null) => void) => {
      dials.push(callback)
    },
  })
  return { ...reused, dials }
}

const GIVING_UP: Readonly<Record<string, (request: ClientRequest, abort: () => void) => void>> = {
  'destroy()': (request) => request.destroy(),
  'abort()': (request) => request.abort(),
  'an AbortSignal': (_request, abort) => abort(),
}

for (const [name, giveUp] of Object.entries(GIVING_UP)) {
  it(`may be given up between its two connections: ${name}`, async (context) => {
    const { agent, port, dials } = await reuseIntoLimbo(context)
    const controller = new AbortController()
    const { request, closed } = start({ agent, port, signal: controller.signal })
    const names = namesOf(request)
    await turnUntil(() => dials.length > 0)
    giveUp(request, () => controller.abort())
    await closed
    const expected = name === 'abort()' ? ['abort', 'close'] : ['error', 'close']
    assert.deepEqual(names, ['socket', 'prefinish', 'finish', ...expected])
    assert.equal(agent.stats().waiting, 0)
  })
}

it('fails where the agent is destroyed between its two connections', async (context) => {
  const { agent, port, dials } = await reuseIntoLimbo(context)
  const { done, closed } = start({ agent, port })
  await turnUntil(() => dials.length > 0)
  agent.destroy()
  await assert.rejects(done, { message: 'socket hang up' })
  await closed
  assert.deepEqual(agent.stats().origins, {})
})

it('is not sent again where the agent is destroyed, nor where its socket is', async (context) => {
  for (const destroy of ['agent', 'socket'] as const) {
    const { agent, port, server } = await reuse(context, {}, () => undefined)
    const { request, done } = start({ agent, port })
    await turnUntil(() => server.arrivals.length === 2)
    if (destroy === 'agent') agent.destroy()
    else request.socket?.destroy()
    await assert.rejects(done, { code: 'ECONNRESET', reusedSocket: true })
    assert.equal(agent.stats().dials, 1)
  }
})

it('keeps its time-out on its second connection', async (context) => {
  for (const set of ['option', 'setTimeout'] as const) {
    let silent: Socket | undefined
    const server = await serveRaw(context, false, ({ socket, connection, index }) => {
      if (connection === 1 && index === 2) socket.end()
      else if (connection === 2) silent = socket
      else socket.write(OK)
    })
    const { port } = server
    const agent = forTest(context, new HttpAgent())
    await exchange({ agent, port })
    const { request, done } = start({ agent, port, ...(set === 'option' && { timeout: 50 }) })
    if (set === 'setTimeout') request.setTimeout(50)
    await turnUntil(() => silent !== undefined)
    assert.equal(request.socket?.timeout, 50)
    // On a machine that was held up the time may be over already: it begins anew.
    const timedOut = once(request, 'timeout')
    request.socket.setTimeout(50)
    await timedOut
    silent?.write(OK)
    assert.equal((await done).body, 'ok')
    assert.equal(server.connectionCount(), 2)
  }
})

it('stays in the async context that it was made in', async (context) => {
  const { agent, port } = await reuse(context)
  const storage = new AsyncLocalStorage<string>()
  const seen: unknown[] = []
  await storage.run('own', () => {
    const { request, done } = start({ agent, port })
    for (const name of ['socket', 'response', 'close']) {
      request.on(name, () => seen.push(storage.getStore()))
    }
    return done
  })
  assert.deepEqual(seen, ['own', 'own', 'own', 'own'])
})

it('gives any request that has written nothing another connection, and sends it once', async (context) => {
  const { agent, port, server } = await reuse(context)
  const { request, done } = open({ agent, port, method: 'POST' })
  const names = namesOf(request)
  await turnUntil(() => names.includes('socket'))
  for (const socket of server.sockets) socket.end()
  await turnUntil(() => server.connectionCount() === 2)
  request.end('body')
  const { body, isReused } = await done
  assert.deepEqual({ body, isReused }, { body: 'ok', isReused: false })
  assert.deepEqual(names, ['socket', 'socket', 'prefinish', 'finish', 'response', 'close'])
  assert.deepEqual(bodiesOf(server), ['', 'body'])
})

it('passes a response on that came before the server read the request', async (context) => {
  const { agent, port } = await reuse(context, {}, ({ socket }) => {
    socket.write(OK)
    socket.destroy()
  })
  assert.equal((await exchange({ agent, port, method: 'POST', body: 'body' })).body, 'ok')
})

it('has as many properties and listeners on a socket afterwards as before', async (context) => {
  const { agent, port, server } = await reuse(context)
  const { socket } = await exchange({ agent, port })
  const before = [
    Reflect.ownKeys(socket).length,
    ...socket.eventNames().map((name) => socket.listenerCount(name)),
  ]
  for (let count = 0; count < 100; count++) {
    assert.equal((await exchange({ agent, port, method: 'POST', body: 'x' })).socket, socket)
  }
  const after = [
    Reflect.ownKeys(socket).length,
    ...socket.eventNames().map((name) => socket.listenerCount(name)),
  ]
  assert.deepEqual(after, before)
  assert.equal(server.connectionCount(), 2)
})

it('takes the place of its first connection where the caps allow one', async (context) => {
  const server = await serveRaw(context, false, failingSecond(fin))
  const { port } = server
  const agent = forTest(context, new HttpAgent({ maxSockets: 1 }))
  await exchange({ agent, port })
  const pending = Array.from({ length: 5 }, () => start({ agent, port }))
  for (const { done } of pending) assert.equal((await done).body, 'ok')
  assert.equal(server.connectionCount(), 2)
  assert.equal(server.arrivals.length, 7)
})
