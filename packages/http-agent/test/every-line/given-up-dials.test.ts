import assert from 'node:assert/strict'
import { once } from 'node:events'
import https from 'node:https'
import net, { type Socket } from 'node:net'
import { it, type TestContext } from 'node:test'
import { HttpAgent, HttpsAgent } from '@holdfast/http-agent'
import { exchange, start } from './exchange.ts'
import { forTest, listen, serveHttp, TEST_IDENTITY } from './loopback.ts'
import { serveRaw } from './raw-server.ts'
import { turn, turnUntil } from './turn.ts'

type Answer = (error: Error | null, socket?: Socket) => void

/** An agent of one place, whose dials the test answers. */
const agentOfAnswers = (
  context: TestContext,
): { readonly agent: HttpAgent; readonly answers: Answer[] } => {
  const answers: Answer[] = []
  const agent = forTest(context, new HttpAgent({ maxSockets: 1 }))
  Object.assign(agent, {
    createConnection: (_options: unknown, callback: Answer) => {
      answers.push(callback)
    },
  })
  return { agent, answers }
}

/** A TLS server whose first handshakes never end. */
const serveAfterStalls = async (context: TestContext, stalls: number): Promise<number> => {
  const secure = https.createServer({ ...TEST_IDENTITY }, (_request, response) =>
    response.end('ok'),
  )
  let left = stalls
  const front = net.createServer((socket) => {
    socket.on('error', () => undefined)
    if (left-- > 0) context.after(() => socket.destroy())
    else secure.emit('connection', socket)
  })
  return (await listen(context, front)).port
}

for (const binding of ['early', 'late'] as const) {
  it(`ends a stalled handshake with its request, and serves the next one, bound ${binding}`, async (context) => {
    const port = await serveAfterStalls(context, 2)
    const { cert: ca } = TEST_IDENTITY
    const agent = forTest(context, new HttpsAgent({ ca, maxSockets: 2, policy: { binding } }))
    const stalled = [start({ agent, port }), start({ agent, port })]
    await turnUntil(() => agent.stats().connecting === 2)
    for (const { request } of stalled) request.destroy(new Error('given up'))
    for (const { done } of stalled) await assert.rejects(done, { message: 'given up' })
    assert.equal((await exchange({ agent, port })).body, 'ok')
    assert.deepEqual(agent.stats().closes, { aborted: 2 })
  })

  it(`ends a stalled handshake at the acquire time-out, and says so, bound ${binding}`, async (context) => {
    const port = await serveAfterStalls(context, 1)
    const policy = { acquireTimeoutMs: 50, binding }
    const { cert: ca } = TEST_IDENTITY
    const agent = forTest(context, new HttpsAgent({ ca, maxSockets: 1, policy }))
    await assert.rejects(start({ agent, port }).done, { code: 'ERR_HOLDFAST_ACQUIRE_TIMEOUT' })
    await turnUntil(() => agent.totalSocketCount === 0)
    assert.deepEqual(agent.stats().closes, { aborted: 1 })
  })
}

it('frees the place of a dial that is never answered, once its request gives up', async (context) => {
  const { port } = await serveHttp(context)
  const { agent, answers } = agentOfAnswers(context)
  const first = start({ agent, port })
  const second = start({ agent, port })
  first.request.destroy(new Error('given up'))
  await assert.rejects(first.done, { message: 'given up' })
  await turnUntil(() => answers.length === 2)
  answers[1]?.(null, net.connect(port, '127.0.0.1'))
  assert.equal((await second.done).body, 'ok')
  assert.equal(agent.totalSocketCount, 1)
})

it('frees the places of dials that are never answered, once the agent is destroyed', async (context) => {
  const { port } = await serveHttp(context)
  const { agent, answers } = agentOfAnswers(context)
  const { done } = start({ agent, port })
  agent.destroy()
  await assert.rejects(done, { code: 'ECONNRESET', message: 'socket hang up' })
  assert.equal(agent.totalSocketCount, 0)
  const next = start({ agent, port })
  answers[1]?.(null, net.connect(port, '127.0.0.1'))
  assert.equal((await next.done).body, 'ok')
})

it('destroys a socket that comes too late, whatever becomes of it', async (context) => {
  const { port } = await serveHttp(context)
  const { agent, answers } = agentOfAnswers(context)
  const { request, done } = start({ agent, port })
  request.destroy(new Error('given up'))
  await assert.rejects(done, { message: 'given up' })
  const late = net.connect(port, '127.0.0.1')
  answers[0]?.(null, late)
  assert.equal(late.destroyed, true)
  // Nobody is there to hear of it, and nobody must need to.
  late.emit('error', new Error('too late'))
  answers[0]?.(new Error('a second answer'))
  await turn()
  assert.equal(agent.totalSocketCount, 0)
})

for (const [name, isClosed] of [
  ['has closed', true],
  ['is destroyed', false],
] as const) {
  it(`fails the request whose dial is answered by a socket that ${name}, and no other`, async (context) => {
    const { port } = await serveHttp(context)
    const { agent, answers } = agentOfAnswers(context)
    const first = start({ agent, port })
    const second = start({ agent, port })
    const dead = net.connect(port, '127.0.0.1')
    dead.destroy()
    if (isClosed) await once(dead, 'close')
    answers[0]?.(null, dead)
    await assert.rejects(first.done, { code: 'ECONNRESET', message: 'socket hang up' })
    await turnUntil(() => answers.length === 2)
    answers[1]?.(null, net.connect(port, '127.0.0.1'))
    assert.equal((await second.done).body, 'ok')
  })
}

it('tells a request the true error of its dial, once', async (context) => {
  class LoudSocket extends net.Socket {
    override destroy(error?: Error): this {
      // As sockets of mocks do.
      if (error) this.emit('error', error)
      return super.destroy(error)
    }
  }
  const agent = forTest(context, new HttpAgent())
  const socket = new LoudSocket()
  Object.defineProperty(socket, 'connecting', { value: true })
  Object.assign(agent, { createConnection: () => socket })
  const { request, closed } = start({ agent, port: 1 })
  const heard: string[] = []
  request.on('error', ({ message }) => heard.push(message))
  await once(request, 'socket')
  socket.destroy(new Error('the true error'))
  await closed
  await turn()
  assert.deepEqual(heard, ['the true error'])
})

it('hears once of a request that is given up after it lost its socket at the fence', async (context) => {
  const server = await serveRaw(context, false, ({ socket, connection, index }) => {
    if (connection === 1) {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
      if (index === 1) socket.end()
    }
  })
  const { port } = server
  const agent = forTest(context, new HttpAgent({ maxSockets: 1, policy: { staleCheck: 'fence' } }))
  const dials: (() => void)[] = []
  const { createConnection } = agent
  const first = start({ agent, port })
  await once(first.request, 'socket')
  const second = start({ agent, port, method: 'POST' })
  Object.assign(agent, {
    createConnection: (options: net.NetConnectOpts, callback: Answer) => {
      dials.push(() => callback(null, createConnection.call(agent, options as never) as Socket))
    },
  })
  await first.done
  await turnUntil(() => dials.length === 1)
  const heard: string[] = []
  for (const event of ['error', 'close']) second.request.on(event, () => heard.push(event))
  second.request.destroy(new Error('given up'))
  await assert.rejects(second.done, { message: 'given up' })
  await turn()
  await turn()
  assert.deepEqual(heard, ['error', 'close'])
  assert.equal(agent.totalSocketCount, 0)
})

it('leaves the socket idle of a request that is given up at the fence', async (context) => {
  const { port } = await serveHttp(context)
  const agent = forTest(context, new HttpAgent({ maxSockets: 1, policy: { staleCheck: 'fence' } }))
  const first = start({ agent, port, timeout: 12_345 })
  const second = start({ agent, port, method: 'POST' })
  second.request.on('error', () => undefined)
  first.request.on('close', () => second.request.destroy())
  const { socket } = await first.done
  await second.closed
  await turnUntil(() => agent.stats().idle === 1)
  const { _handle: handle } = socket as unknown as { readonly _handle: { hasRef: () => boolean } }
  assert.deepEqual(
    { timeout: socket.timeout, isRef: handle.hasRef() },
    { timeout: 0, isRef: false },
  )
})
