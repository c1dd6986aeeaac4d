import assert from 'node:assert/strict'
import { on, once } from 'node:events'
import type http from 'node:http'
import net, { type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process, { platform } from 'node:process'
import { duplexPair } from 'node:stream'
import { it } from 'node:test'
import tls from 'node:tls'
import { HttpAgent, HttpsAgent, type HttpsAgentOptions } from '@holdfast/http-agent'
import { exchange, start } from './exchange.ts'
import { fakeClock } from './fake-clock.ts'
import { forTest, listen, serveHttp, serveHttps, TEST_IDENTITY } from './loopback.ts'
import { watchTimeWaits } from './time-waits.ts'
import { turnUntil } from './turn.ts'

const RESET = { policy: { closeMode: 'reset', idleTimeoutMs: 20 } } as const

/** An `https` agent that makes its TLS sockets on sockets of its own. */
class OwnSocketAgent extends HttpsAgent {
  override createConnection(options: HttpsAgentOptions & net.TcpNetConnectOpts): Socket {
    return tls.connect({ ...options, socket: net.connect(options) } as tls.ConnectionOptions)
  }
}

const AGENTS = {
  http: () => new HttpAgent(RESET),
  https: () => new HttpsAgent({ ca: TEST_IDENTITY.cert, ...RESET }),
  'https on a socket of the caller': () => new OwnSocketAgent({ ca: TEST_IDENTITY.cert, ...RESET }),
} as const

/** How a server's connection ended: by an error, whose code it is, or in good order. */
const endOf = (socket: Socket): Promise<string> =>
  new Promise((resolve) => {
    let end = 'in good order'
    socket.on('error', ({ code }: NodeJS.ErrnoException) => {
      end = String(code)
    })
    socket.on('close', () => resolve(end))
  })

for (const [name, create] of Object.entries(AGENTS)) {
  it(`closes idle connections by RST, and leaves TIME_WAIT to nobody: ${name}`, {
    skip: platform !== 'linux' && 'reads /proc',
  }, async (context) => {
    const { port, server } = await (name === 'http' ? serveHttp : serveHttps)(context)
    const countTimeWaits = watchTimeWaits(port)
    const ends: Promise<string>[] = []
    const event = name === 'http' ? 'connection' : 'secureConnection'
    server.on(event, (socket: Socket) => ends.push(endOf(socket)))
    const clock = fakeClock(context)
    const agent = forTest(context, create())
    const exchanges = Array.from({ length: 5 }, () => exchange({ agent, port }))
    await Promise.all(exchanges)
    await turnUntil(() => agent.stats().idle === 5 && ends.length === 5)
    await clock.pass(20)
    await turnUntil(() => agent.stats().idle + agent.stats().closing === 0)
    assert.deepEqual(agent.stats().closes, { idle_timeout: 5 })
    assert.deepEqual(await Promise.all(ends), new Array(5).fill('ECONNRESET'))
    assert.deepEqual(countTimeWaits(), { client: 0, server: 0 })
  })
}

it('closes by RST after the last request', {
  skip: platform !== 'linux' && 'reads /proc',
}, async (context) => {
  const { port } = await serveHttp(context)
  const countTimeWaits = watchTimeWaits(port)
  const agent = forTest(
    context,
    new HttpAgent({ policy: { closeMode: 'reset', maxRequestsPerConnection: 2 } }),
  )
  for (let count = 0; count < 20; count++) await exchange({ agent, port })
  await turnUntil(() => agent.stats().closing === 0)
  assert.deepEqual(agent.stats().closes, { max_requests: 10 })
  // A server that closes faster than its client keeps TIME_WAIT until the RST comes.
  assert.equal(countTimeWaits().client, 0)
})

it('does not reset a connection with a request in progress', async (context) => {
  const { port, server } = await serveHttp(context, (incoming) => incoming.resume())
  fakeClock(context)
  const agent = forTest(context, new HttpAgent(RESET))
  const arrivals = on(server, 'request')
  const { request, closed } = start({ agent, port })
  request.on('error', () => undefined)
  const { value } = await arrivals.next()
  const [{ socket }] = value as [http.IncomingMessage]
  const end = endOf(socket)
  agent.destroy()
  await closed
  assert.equal(await end, 'in good order')
})

it('does not reset a connection on which bytes came that nobody asked for', async (context) => {
  const { port, server } = await serveHttp(context)
  fakeClock(context)
  const agent = forTest(context, new HttpAgent(RESET))
  const arrivals = on(server, 'connection')
  await exchange({ agent, port })
  const { value } = await arrivals.next()
  const [socket] = value as [Socket]
  const end = endOf(socket)
  socket.write('HTTP/1.1 200 OK\r\n')
  assert.equal(await end, 'in good order')
  assert.deepEqual(agent.stats().closes, { stray_data: 1 })
})

it('closes what is no TCP socket in its own way: a stream', async (context) => {
  const { server } = await serveHttp(context)
  const agent = forTest(context, new HttpAgent(RESET))
  const streams: net.Socket[] = []
  Object.assign(agent, {
    createConnection: () => {
      const [mine, theirs] = duplexPair()
      server.emit('connection', theirs)
      streams.push(mine as Socket)
      return mine
    },
  })
  const { body } = await exchange({ agent })
  assert.equal(body, 'ok')
  await turnUntil(() => agent.stats().closes.idle_timeout === 1)
  assert.equal(streams[0]?.destroyed, true)
})

it('closes what is no TCP socket in its own way: a unix socket', {
  skip: platform === 'win32' && 'has none',
}, async (context) => {
  const socketPath = join(tmpdir(), `holdfast-reset-${process.pid}.sock`)
  const { server } = await serveHttp(context)
  const local = net.createServer((accepted) => server.emit('connection', accepted))
  await listen(context, local, socketPath)
  const agent = forTest(context, new HttpAgent(RESET))
  const { socket } = await exchange({ agent, socketPath })
  await once(socket, 'close')
  await turnUntil(() => agent.stats().closes.idle_timeout === 1)
})
