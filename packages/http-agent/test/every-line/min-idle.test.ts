import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import net, { type Socket } from 'node:net'
import process from 'node:process'
import { it } from 'node:test'
import type { TLSSocket } from 'node:tls'
import { fileURLToPath } from 'node:url'
import { HttpAgent, HttpsAgent } from '@holdfast/http-agent'
import { exchange } from './exchange.ts'
import { forTest, serveHttp, serveHttps, TEST_IDENTITY } from './loopback.ts'
import { turn, turnUntil } from './turn.ts'

const policy = { minIdlePerOrigin: 3 }

it('keeps as many connections ready from the first request on, and replaces those that go', async (context) => {
  const { port } = await serveHttp(context)
  const agent = forTest(context, new HttpAgent({ policy }))
  const { socket } = await exchange({ agent, port })
  // The request's own, and as many beside it.
  await turnUntil(() => agent.stats().idle === 4)
  assert.equal(agent.stats().dials, 4)
  const name = agent.getName({ host: '127.0.0.1', port })
  const [other] = agent.freeSockets[name]?.filter((idle) => idle !== socket) ?? []
  socket.destroy()
  other?.destroy()
  await turnUntil(() => agent.stats().dials === 5 && agent.stats().idle === 3)
})

it('dials as for the last request, but for what is the affair of that request alone', async (context) => {
  const names: unknown[] = []
  const { port, server } = await serveHttps(context)
  server.on('secureConnection', ({ servername }: TLSSocket) => names.push(servername))
  const agent = forTest(context, new HttpsAgent({ ca: TEST_IDENTITY.cert, policy }))
  const given: object[] = []
  const { createConnection } = agent
  agent.createConnection = function connect(this: HttpsAgent, ...values: (object | undefined)[]) {
    given.push(values[0] ?? {})
    return Reflect.apply(createConnection, this, values)
  }
  const { signal } = new AbortController()
  const headers = { authorization: 'secret' }
  await exchange({ agent, port, servername: 'a.holdfast.test', headers, signal })
  await turnUntil(() => names.length === 4)
  assert.deepEqual(new Set(names), new Set(['a.holdfast.test']))
  for (const options of given.slice(1)) {
    assert.equal('signal' in options || 'headers' in options || 'agent' in options, false)
  }
  // They serve the requests for which they are kept.
  await turnUntil(() => agent.stats().idle === 4)
  await exchange({ agent, port, servername: 'a.holdfast.test' })
  assert.equal(agent.stats().dials, 4)
})

it('dials no more once the agent is destroyed or drains', async (context) => {
  const { port } = await serveHttp(context)
  for (const end of [
    (agent: HttpAgent) => agent.destroy(),
    (agent: HttpAgent) => agent.drain({ timeoutMs: 1000 }),
  ]) {
    const agent = forTest(context, new HttpAgent({ policy }))
    await exchange({ agent, port })
    await turnUntil(() => agent.stats().idle === 4)
    const { dials } = agent.stats()
    await end(agent)
    await turnUntil(() => agent.inspect().length === 0)
    for (let count = 0; count < 5; count++) await turn()
    assert.equal(agent.stats().dials, dials)
  }
})

it('does not keep the process alive by a dial that nobody waits for', async (context) => {
  const { port } = await serveHttp(context)
  const agent = forTest(context, new HttpAgent({ policy: { minIdlePerOrigin: 1 } }))
  const { createConnection } = agent
  const sockets: Socket[] = []
  let unrefCount = 0
  agent.createConnection = function connect(this: HttpAgent, ...values: (object | undefined)[]) {
    if (sockets.length === 0) {
      const first = Reflect.apply(createConnection, this, values)
      sockets.push(first as Socket)
      return first
    }
    const unref = (): number => ++unrefCount
    const socket = Object.assign(new net.Socket(), { connecting: true, unref }) as unknown as Socket
    sockets.push(socket)
    return socket
  }
  await exchange({ agent, port })
  await turnUntil(() => sockets.length === 2)
  assert.equal(unrefCount, 1)
})

it('lets the process end that keeps connections ready', async (context) => {
  const { port } = await serveHttp(context)
  const script = fileURLToPath(new URL('min-idle-process.js', import.meta.url))
  const child = spawn(process.execPath, [script, String(port)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [[code], [output]] = await Promise.all([once(child, 'exit'), once(child.stdout, 'data')])
  assert.equal(String(output), '4\n')
  assert.equal(code, 0)
})
