import assert from 'node:assert/strict'
import { AsyncLocalStorage } from 'node:async_hooks'
import type { ClientRequest } from 'node:http'
import net from 'node:net'
import { it, type TestContext } from 'node:test'
import { HttpAgent, HttpsAgent } from '@holdfast/http-agent'
import { exchange, type Pending, start } from './exchange.ts'
import { type FakeClock, fakeClock } from './fake-clock.ts'
import { type Arrival, forTest, listen, serveHttp, serveOnDemand } from './loopback.ts'

/** What Node takes for the async id of a socket. */
const asyncIdOf = (socket: net.Socket): unknown => {
  const symbol = Object.getOwnPropertySymbols(socket).find(
    ({ description }) => description === 'async_id_symbol',
  )
  return symbol && Reflect.get(socket, symbol)
}

interface Held {
  readonly agent: HttpAgent
  readonly port: number
  /** The request that keeps the only connection busy. */
  readonly holder: Pending
  /** Ends that. */
  readonly release: () => void
  readonly next: () => Promise<Arrival>
  readonly clock: FakeClock
}

/** An agent whose only connection is busy until the test releases it, on a clock that stands. */
const hold = async (
  context: TestContext,
  options?: ConstructorParameters<typeof HttpAgent>[0],
): Promise<Held> => {
  const { port, next } = await serveOnDemand(context)
  const clock = fakeClock(context)
  const agent = forTest(context, new HttpAgent({ maxSockets: 1, ...options }))
  const holder = start({ agent, port })
  const { response } = await next()
  return { agent, port, holder, release: () => response.end(), next, clock }
}

/** What a request emits from now on until it is over. */
const outcomeOf = async (request: ClientRequest): Promise<unknown[]> => {
  const events: unknown[] = []
  request.on('error', ({ message }) => events.push(message))
  request.on('abort', () => events.push('abort'))
  await new Promise((resolve) => {
    request.on('close', resolve)
  })
  return events
}

interface GivingUp {
  readonly begin: (pending: Pending, controller: AbortController) => unknown
  readonly events: readonly unknown[]
}

const GIVING_UP: Readonly<Record<string, GivingUp>> = {
  'is destroyed': { begin: ({ request }) => request.destroy(), events: ['socket hang up'] },
  'is aborted': { begin: ({ request }) => request.abort(), events: ['abort'] },
  "hears of its signal's abort": {
    begin: (_pending, controller) => controller.abort(),
    events: ['The operation was aborted'],
  },
}

for (const [what, { begin, events }] of Object.entries(GIVING_UP)) {
  it(`leaves the queue and fails at once when it ${what}, while it waits`, async (context) => {
    const { agent, port, holder, release, next } = await hold(context)
    const controller = new AbortController()
    const pending = start({ agent, port, signal: controller.signal })
    const later = start({ agent, port, path: '/later' })
    assert.equal(agent.stats().queued, 2)
    const outcome = outcomeOf(pending.request)
    begin(pending, controller)
    assert.deepEqual(await outcome, events)
    assert.deepEqual([agent.stats().queued, agent.stats().leased], [1, 1])
    const name = agent.getName({ host: '127.0.0.1', port })
    assert.deepEqual(agent.requests[name], [later.request])

    release()
    await holder.done
    const { request, response } = await next()
    assert.equal(request.url, '/later')
    response.end()
    assert.equal((await later.done).isReused, true)
  })
}

it('leaves the queue in the tick after the call that destroys it, before anybody hears', async (context) => {
  const { agent, port } = await hold(context)
  const { request } = start({ agent, port })
  const queuedAtError = new Promise<number>((resolve) => {
    request.once('error', () => resolve(agent.stats().queued))
  })
  request.destroy()
  // As with Node's agent, which keeps it there until it gets a socket.
  assert.equal(Object.keys(agent.requests).length, 1)
  assert.equal(await queuedAtError, 0)
  assert.deepEqual(Object.keys(agent.requests), [])
})

it('gives a connection that comes free in that very tick to the next one', async (context) => {
  const { agent, port, release, next } = await hold(context)
  const givenUp = start({ agent, port })
  const outcome = outcomeOf(givenUp.request)
  const later = start({ agent, port, path: '/later' })
  const [socket] = Object.values(agent.sockets).flat()
  socket?.prependOnceListener('free', () => givenUp.request.destroy())
  release()
  assert.deepEqual(await outcome, ['socket hang up'])
  const { request, response } = await next()
  assert.equal(request.url, '/later')
  response.end()
  assert.equal((await later.done).isReused, true)
})

it('emits the error that a waiting request is destroyed with', async (context) => {
  const { agent, port } = await hold(context)
  const { request } = start({ agent, port })
  const outcome = outcomeOf(request)
  assert.equal(request.destroy(new Error('given up')), request)
  assert.deepEqual(await outcome, ['given up'])
  assert.equal(agent.stats().queued, 0)
})

it('emits one error only where a waiting request is destroyed twice', async (context) => {
  const { agent, port } = await hold(context)
  const { request } = start({ agent, port })
  const outcome = outcomeOf(request)
  request.destroy(new Error('given up'))
  request.destroy(new Error('given up again'))
  assert.deepEqual(await outcome, ['given up'])
})

it('destroys a request as usual that has waited and got its connection', async (context) => {
  const { agent, port, release, next } = await hold(context)
  const { request } = start({ agent, port })
  const outcome = outcomeOf(request)
  release()
  await next()
  request.destroy()
  assert.deepEqual(await outcome, ['socket hang up'])
  assert.equal(agent.stats().closes.aborted, 1)
})

it('refuses a request at once where maxQueuedRequests wait already', async (context) => {
  const { agent, port, holder, release, next } = await hold(context, {
    policy: { maxQueuedRequests: 1 },
  })
  const queued = start({ agent, port })
  const { done, closed } = start({ agent, port })
  await assert.rejects(done, { code: 'ERR_HOLDFAST_QUEUE_FULL' })
  await closed
  assert.equal(agent.stats().queued, 1)
  release()
  await holder.done
  const { response } = await next()
  response.end()
  await queued.done
})

it('refuses no request that gets a connection of its own, even where nothing may wait', async (context) => {
  const { port } = await serveHttp(context)
  const agent = forTest(context, new HttpAgent({ policy: { maxQueuedRequests: 0 } }))
  const pending = [start({ agent, port }), start({ agent, port })]
  for (const { done } of pending) assert.equal((await done).status, 200)
})

it('fails a request that waits in the queue for longer than acquireTimeoutMs', async (context) => {
  const { agent, port, holder, release, clock } = await hold(context, {
    policy: { acquireTimeoutMs: 30 },
  })
  const { done, closed } = start({ agent, port })
  await clock.pass(29)
  assert.equal(agent.stats().queued, 1)
  await clock.pass(1)
  await assert.rejects(done, { code: 'ERR_HOLDFAST_ACQUIRE_TIMEOUT' })
  await closed
  assert.equal(agent.stats().queued, 0)
  // A request that has its connection may take its time.
  release()
  assert.equal((await holder.done).status, 200)
})

it('fails a request that waits for longer than acquireTimeoutMs for a TLS handshake', async (context) => {
  const { port } = await listen(context, net.createServer())
  const agent = forTest(context, new HttpsAgent({ policy: { acquireTimeoutMs: 30 } }))
  const { done, closed } = start({ agent, port })
  await assert.rejects(done, { code: 'ERR_HOLDFAST_ACQUIRE_TIMEOUT' })
  await closed
})

it('fails a request that waits for longer than acquireTimeoutMs for a lookup', async (context) => {
  // A real lookup keeps the process alive; here, a server has to.
  const { port } = await serveHttp(context)
  const agent = forTest(context, new HttpAgent({ policy: { acquireTimeoutMs: 30 } }))
  const { done, closed } = start({
    agent,
    port,
    host: 'a.holdfast.test',
    lookup: () => undefined,
  })
  await assert.rejects(done, { code: 'ERR_HOLDFAST_ACQUIRE_TIMEOUT' })
  await closed
})

it('runs the callbacks of each request in the async context that it was made in', async (context) => {
  const { port } = await serveHttp(context)
  const storage = new AsyncLocalStorage<number>()
  // Fresh, reused and queued: three waves on two connections.
  const agent = forTest(context, new HttpAgent({ maxSockets: 2 }))
  const seen: unknown[] = []
  for (let wave = 0; wave < 3; wave++) {
    const pending = Array.from({ length: 6 }, (_, index) =>
      storage.run(wave * 6 + index, () => {
        const own = start({ agent, port })
        own.request.on('socket', () => seen.push(storage.getStore()))
        own.request.on('response', (response) => {
          seen.push(storage.getStore())
          response.on('end', () => seen.push(storage.getStore()))
        })
        own.request.on('close', () => seen.push(storage.getStore()))
        return own.done
      }),
    )
    await Promise.all(pending)
  }
  const expected = Array.from({ length: 18 }, (_, number) => [number, number, number, number])
  assert.deepEqual(
    seen.toSorted((a, b) => Number(a) - Number(b)),
    expected.flat(),
  )
  assert.equal(agent.stats().dials, 2)
})

it('gives a socket a new async id for each request, and none while it is idle', async (context) => {
  const { port } = await serveHttp(context)
  const agent = forTest(context, new HttpAgent())
  const ids: unknown[] = []
  for (let count = 0; count < 3; count++) {
    const { request, done } = start({ agent, port })
    request.on('response', ({ socket }) => ids.push(asyncIdOf(socket)))
    ids.push(asyncIdOf((await done).socket))
  }
  const [first, , second, , third] = ids.map(Number)
  assert.deepEqual(ids, [first, -1, second, -1, third, -1])
  assert.equal(new Set([first, second, third, -1]).size, 4)
  assert.equal(agent.stats().dials, 1)
})

it('reports the error of a waiting request in its own async context', async (context) => {
  const { agent, port, clock } = await hold(context, { policy: { acquireTimeoutMs: 30 } })
  const storage = new AsyncLocalStorage<string>()
  const seen: unknown[] = []
  const pending = ['one', 'other'].map((name) =>
    storage.run(name, () => {
      const own = start({ agent, port })
      own.request.on('error', () => seen.push(storage.getStore()))
      return own.closed
    }),
  )
  await clock.pass(30)
  await Promise.all(pending)
  assert.deepEqual(seen, ['one', 'other'])
})

it('keeps nothing of a request whose connection was found without a wait', async (context) => {
  const { port } = await serveHttp(context)
  const agent = forTest(context, new HttpAgent())
  await exchange({ agent, port })
  const { request, done } = start({ agent, port })
  assert.equal(Object.hasOwn(request, 'destroy'), false)
  await done
  assert.equal(agent.stats().waits, 1)
})
