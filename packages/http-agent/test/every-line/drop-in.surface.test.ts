import assert from 'node:assert/strict'
import { once } from 'node:events'
import http from 'node:http'
import net from 'node:net'
import { Duplex } from 'node:stream'
import { it } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { HttpAgent } from '@holdfast/http-agent'
import { exchange, start } from './exchange.ts'
import { forTest, serveHttp } from './loopback.ts'
import { turn, turnUntil } from './turn.ts'

/** What a request of Node's has left on a socket that somebody gives to an agent. */
const KEPT = { shouldKeepAlive: true }

it('takes an idle socket that is given to it by its event, and ends it with the others', async (context) => {
  const { port, connectionCount } = await serveHttp(context)
  const agent = forTest(context, new HttpAgent())
  const socket = net.connect(port, '127.0.0.1')
  await once(socket, 'connect')
  Object.assign(socket, { _httpMessage: KEPT })
  agent.emit('free', socket, { host: '127.0.0.1', port })
  assert.equal(agent.stats().idle, 1)
  assert.equal((await exchange({ agent, port })).socket, socket)
  assert.equal(connectionCount(), 1)
  agent.destroy()
  assert.equal(socket.destroyed, true)
})

it('gives such a socket to a request that waits for a place', async (context) => {
  const { port } = await serveHttp(context)
  const agent = forTest(context, new HttpAgent({ maxSockets: 2 }))
  const answers: ((error: Error | null, socket: net.Socket) => void)[] = []
  Object.assign(agent, {
    createConnection: (_options: unknown, callback: (typeof answers)[number]) => {
      answers.push(callback)
    },
  })
  agent.maxSockets = 1
  const first = start({ agent, port })
  const second = start({ agent, port })
  agent.maxSockets = 2
  const socket = net.connect(port, '127.0.0.1')
  await once(socket, 'connect')
  Object.assign(socket, { _httpMessage: KEPT })
  agent.emit('free', socket, { host: '127.0.0.1', port })
  assert.equal((await second.done).socket, socket)
  answers[0]?.(null, net.connect(port, '127.0.0.1'))
  assert.equal((await first.done).body, 'ok')
})

for (const [name, agentOf, message] of [
  ['is not to be kept', () => new HttpAgent(), { shouldKeepAlive: false }],
  ['nobody has used', () => new HttpAgent(), null],
  ['the caps leave no place for', () => new HttpAgent({ maxTotalSockets: 1 }), KEPT],
  ['an agent gets that keeps none', () => new HttpAgent({ keepAlive: false }), KEPT],
] as const) {
  it(`closes a socket that ${name}`, async (context) => {
    const { port } = await serveHttp(context)
    const agent = forTest(context, agentOf())
    const holder = start({ agent, port })
    const socket = net.connect(port, '127.0.0.1')
    await once(socket, 'connect')
    Object.assign(socket, { _httpMessage: message })
    agent.emit('free', socket, { host: '127.0.0.1', port })
    assert.equal(socket.destroyed, true)
    // It holds no place either.
    assert.equal(agent.totalSocketCount, 1)
    await holder.done
  })
}

/** Objects that stand for an agent, as libraries make them. */
const STAND_INS: Readonly<Record<string, (agent: HttpAgent) => HttpAgent>> = {
  'a Proxy': (agent) => new Proxy(agent, {}),
  'an object that inherits from it': (agent) => Object.create(agent),
}

for (const [name, standInFor] of Object.entries(STAND_INS)) {
  it(`serves requests of ${name}`, async (context) => {
    const { port } = await serveHttp(context)
    const agent = forTest(context, new HttpAgent())
    const standIn = standInFor(agent)
    assert.equal((await exchange({ agent: standIn, port })).body, 'ok')
    await turnUntil(() => agent.stats().idle === 1)
    assert.equal(standIn.stats().leases, 1)
    assert.equal(standIn.inspect().length, 1)
    assert.equal((await standIn.drain()).outcome, 'completed')
  })
}

/** A deep copy, as lodash's `cloneDeep` makes it: own properties, symbols included, and the prototype. */
const copyDeeply = <Value>(original: Value): Value => {
  if (typeof original !== 'object' || original === null) return original
  const copy = Array.isArray(original) ? [] : Object.create(Object.getPrototypeOf(original))
  for (const key of [...Object.keys(original), ...Object.getOwnPropertySymbols(original)]) {
    const descriptor = Object.getOwnPropertyDescriptor(original, key)
    if (descriptor?.enumerable) copy[key] = copyDeeply(descriptor.value)
  }
  return copy
}

it('serves requests of a deep copy, by the same policy and a pool of its own', async (context) => {
  const { port } = await serveHttp(context)
  const agent = forTest(context, new HttpAgent({ policy: { maxRequestsPerConnection: 1 } }))
  const { agent: copy } = copyDeeply({ agent })
  forTest(context, copy)
  for (let count = 0; count < 2; count++) await exchange({ agent: copy, port })
  assert.deepEqual(
    { dials: copy.stats().dials, others: agent.stats().dials },
    { dials: 2, others: 0 },
  )
})

it('listens to no data of a socket whose last response is complete', async (context) => {
  const { port } = await serveHttp(context, (_request, answer) => {
    answer.write('hello')
    answer.end(' world')
  })
  const agent = forTest(context, new HttpAgent({ policy: { maxRequestsPerConnection: 1 } }))
  const request = http.get({ agent, port, host: '127.0.0.1' })
  const [socket] = (await once(request, 'socket')) as [net.Socket]
  const [response] = await once(request, 'response')
  response.resume()
  await once(response, 'close')
  assert.equal(socket.listenerCount('data'), 0)
})

/** A stream of somebody's own, which marks its end as its author likes. */
class Tape extends Duplex {
  #isPlayed = false

  override _read(): void {
    this.push(this.#isPlayed ? null : 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
    this.#isPlayed = true
  }

  override _write(_chunk: unknown, _encoding: string, done: () => void): void {
    done()
  }

  destroySoon(): void {
    this.destroy()
  }

  override destroy(error?: Error): this {
    Object.assign(this, { writable: false })
    return super.destroy(error)
  }
}

it('lets a stream of the caller’s own say that it is not writable', async (context) => {
  const agent = forTest(context, new HttpAgent({ keepAlive: false }))
  Object.assign(agent, { createConnection: () => new Tape() })
  assert.equal((await exchange({ agent, port: 1 })).body, 'ok')
  await turn()
  await turnUntil(() => agent.totalSocketCount === 0)
})

it('lets nobody hear of the error with which a request is destroyed that has just been served', async (context) => {
  const { port } = await serveHttp(context)
  const agent = forTest(context, new HttpAgent())
  for (let count = 0; count < 3; count++) {
    const request = http.get({ agent, port, host: '127.0.0.1' })
    request.on('error', () => undefined)
    const [response] = await once(request, 'response')
    response.resume()
    // Node has taken its listener off the socket by then, and gives the socket back a tick later.
    response.on('end', () => request.destroy(new Error('too late')))
    await once(request, 'close')
  }
})

const findCollector = (): (() => void) => {
  setFlagsFromString('--expose-gc')
  return runInNewContext('gc') as () => void
}

for (const [name, end] of [
  ['destroyed', (agent: HttpAgent) => agent.destroy()],
  ['drained', (agent: HttpAgent) => agent.drain()],
] as const) {
  it(`keeps nothing of an agent that is ${name}`, async (context) => {
    const { port } = await serveHttp(context)
    const use = async (): Promise<WeakRef<HttpAgent>> => {
      const agent = new HttpAgent()
      await Promise.all([exchange({ agent, port }), exchange({ agent, port })])
      await end(agent)
      return new WeakRef(agent)
    }
    const gone = await use()
    const collectGarbage = findCollector()
    for (let count = 0; gone.deref() !== undefined && count < 100; count++) {
      await turn()
      collectGarbage()
    }
    assert.equal(gone.deref(), undefined)
  })
}
