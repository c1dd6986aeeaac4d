import assert from 'node:assert/strict'
import { once } from 'node:events'
import { stat } from 'node:fs'
import process from 'node:process'
import { it, type TestContext } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import tls, { type PeerCertificate, type TLSSocket } from 'node:tls'
import { HttpsAgent, type HttpsAgentOptions } from '@holdfast/http-agent'
import { exchange, start } from './exchange.ts'
import { forTest, type LoopbackServer, serveHttps, TEST_IDENTITY } from './loopback.ts'
import { startScriptedServer } from './scripted-server.ts'
import { turnUntil } from './turn.ts'

const CA = TEST_IDENTITY.cert

const agentFor = (context: TestContext, options?: HttpsAgentOptions): HttpsAgent =>
  forTest(context, new HttpsAgent({ ca: CA, ...options }))

/** Answers with the name that the client has asked for by TLS. */
const serveName = (context: TestContext): Promise<LoopbackServer> =>
  serveHttps(context, (request, response) => {
    response.end(String((request.socket as TLSSocket).servername))
  })

it('reuses a TLS connection', async (context) => {
  const { port, connectionCount } = await serveHttps(context)
  const agent = agentFor(context)
  const reused: boolean[] = []
  for (let count = 0; count < 3; count++) reused.push((await exchange({ agent, port })).isReused)
  assert.deepEqual(reused, [false, true, true])
  assert.equal(connectionCount(), 1)
})

for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
  it(`resumes the TLS session of an earlier connection: ${maxVersion}`, async (context) => {
    const { port } = await serveHttps(context)
    const agent = agentFor(context, { maxVersion, keepAlive: false })
    const resumed: boolean[] = []
    for (let count = 0; count < 3; count++) {
      const { request, done } = start({ agent, port })
      const [socket] = (await once(request, 'socket')) as [TLSSocket]
      socket.on('secureConnect', () => resumed.push(socket.isSessionReused()))
      await done
    }
    assert.deepEqual(resumed, [false, true, true])
  })
}

it('shares no connection between server names', async (context) => {
  const { port } = await serveName(context)
  const agent = agentFor(context)
  const bodies: string[] = []
  for (const options of [
    { servername: 'a.holdfast.test' },
    { servername: 'b.holdfast.test' },
    { headers: { host: 'a.holdfast.test:80' } },
    { servername: 'a.holdfast.test' },
  ]) {
    const { body, isReused } = await exchange({ agent, port, ...options })
    bodies.push(`${body} ${isReused ? 'reused' : 'fresh'}`)
  }
  assert.deepEqual(bodies, [
    'a.holdfast.test fresh',
    'b.holdfast.test fresh',
    'a.holdfast.test reused',
    'a.holdfast.test reused',
  ])
})

it('asks for no server name where the host is an address', async (context) => {
  const { port } = await serveName(context)
  const agent = agentFor(context)
  assert.equal((await exchange({ agent, port })).body, 'false')
})

it('shares no connection between requests that trust differently', async (context) => {
  const { port, connectionCount } = await serveHttps(context)
  const agent = forTest(context, new HttpsAgent())
  await exchange({ agent, port, rejectUnauthorized: false })
  await assert.rejects(exchange({ agent, port }), { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' })
  assert.equal((await exchange({ agent, port, ca: CA })).isReused, false)
  assert.equal(connectionCount(), 3)
})

it('fails each request by itself whose server is not trusted, and frees its place', async (context) => {
  const { port } = await serveHttps(context)
  const agent = forTest(context, new HttpsAgent({ maxSockets: 1, maxTotalSockets: 1 }))
  const untrusted = [start({ agent, port }), start({ agent, port })]
  const trusted = start({ agent, port, ca: CA })
  for (const { done, closed } of untrusted) {
    await assert.rejects(done, { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' })
    await closed
  }
  assert.equal((await trusted.done).body, 'ok')
  assert.equal(agent.stats().dialFailures, 2)
})

it('fails a request whose certificate is for another name', async (context) => {
  const { port } = await serveHttps(context)
  const agent = agentFor(context)
  const { done, closed } = start({ agent, port, servername: 'elsewhere.test' })
  await assert.rejects(done, { code: 'ERR_TLS_CERT_ALTNAME_INVALID' })
  await closed
  assert.equal(agent.totalSocketCount, 0)
})

const [major] = process.versions.node.split('.').map(Number)
const KEEPS_CHECKS_APART = (major as number) >= 22

it('shares no connection between requests that each check the identity themselves', {
  skip: KEEPS_CHECKS_APART ? false : 'this line of Node shares them',
}, async (context) => {
  const { port, connectionCount } = await serveHttps(context)
  const agent = agentFor(context)
  let checkCount = 0
  const accept = {
    checkServerIdentity: (): undefined => {
      checkCount++
    },
  }
  const refuse = { checkServerIdentity: () => new Error('not that one') }
  await exchange({ agent, port, ...accept })
  await assert.rejects(exchange({ agent, port, ...refuse }), { message: 'not that one' })
  await exchange({ agent, port, ...accept })
  assert.equal(checkCount, 2)
  assert.equal(connectionCount(), 3)
})

it('lets one checkServerIdentity of the agent serve all its requests', async (context) => {
  const { port, connectionCount } = await serveHttps(context)
  const names: string[] = []
  const checkServerIdentity = (name: string, certificate: PeerCertificate): Error | undefined => {
    names.push(name)
    return tls.checkServerIdentity(name, certificate)
  }
  const agent = agentFor(context, { checkServerIdentity })
  for (let count = 0; count < 3; count++) await exchange({ agent, port })
  assert.deepEqual(names, ['127.0.0.1'])
  assert.equal(connectionCount(), 1)
})

it('emits secureConnect on the fresh socket of a request that waits for it', async (context) => {
  const { port } = await serveHttps(context)
  const agent = agentFor(context)
  const { request, done } = start({ agent, port })
  const [socket] = (await once(request, 'socket')) as [TLSSocket]
  assert.equal(socket.connecting, true)
  await once(socket, 'secureConnect')
  assert.equal(socket.authorized, true)
  assert.equal((await done).socket, socket)
})

it('tells who waits for secureConnect also where the handshake was over before', async (context) => {
  let release = (): void => undefined
  const { port } = await serveHttps(context, ({ url }, response) => {
    if (url === '/held') release = () => response.end()
    else response.end('ok')
  })
  const agent = agentFor(context, { policy: { binding: 'late' } })
  const holder = start({ agent, port, path: '/held' })
  await turnUntil(() => agent.stats().leased > 0)
  const { request, done } = start({ agent, port })
  const events: unknown[] = []
  request.on('socket', (socket) => {
    events.push(socket.connecting)
    socket.on('connect', () => events.push('connect'))
    socket.once('secureConnect', () => events.push('secureConnect'))
  })
  assert.equal((await done).body, 'ok')
  assert.deepEqual(events, [false, 'connect', 'secureConnect'])
  release()
  await holder.done
})

for (const [when, settle] of [
  ['before', () => undefined],
  ['after', async (agent: HttpsAgent, port: number) => exchange({ agent, port })],
] as const) {
  it(`emits keylog for a listener that comes ${when} the first connection`, async (context) => {
    const { port } = await serveHttps(context)
    const agent = agentFor(context)
    await settle(agent, port)
    const lines: string[] = []
    const sockets = new Set<unknown>()
    agent.on('keylog', (line: Buffer, socket: TLSSocket) => {
      lines.push(line.toString())
      sockets.add(socket)
    })
    const known = new Set(Object.values(agent.freeSockets).flat())
    await Promise.all([exchange({ agent, port }), exchange({ agent, port })])
    await turnUntil(() => agent.stats().connecting === 0)
    assert.ok(lines.some((line) => line.startsWith('CLIENT_')))
    const opened = Object.values(agent.freeSockets)
      .flat()
      .filter((socket) => !known.has(socket))
    assert.deepEqual(sockets, new Set(opened))
  })
}

/** Longer than a connection is idle that is used again without a look at its socket. */
const CLOSE_AFTER_MS = 10

const CONTEXTS: Readonly<Record<string, (run: () => void) => void>> = {
  'a timer': (run) => setTimeout(run, 1),
  'an I/O callback': (run) => stat('/', run),
}

for (const ending of ['fin', 'reset'] as const) {
  for (const [place, enter] of Object.entries(CONTEXTS)) {
    it(`does not use a connection that the peer ended while the loop was blocked: ${ending}, from ${place}`, async (context) => {
      const server = await startScriptedServer(true)
      context.after(() => server.close())
      // How long that takes is the machine's affair, and nothing to be learned from.
      const agent = agentFor(context, { policy: { learnIdleLimit: false } })
      for (let count = 0; count < 3; count++) {
        await exchange({ agent, port: server.port })
        await delay(1)
        await new Promise<void>((resolve) => {
          enter(resolve)
        })
        server.blockUntil(ending, CLOSE_AFTER_MS)
        const options = { agent, port: server.port, method: 'POST', body: 'body' }
        assert.equal((await exchange(options)).isReused, false)
      }
      const { closes } = agent.stats()
      const reason = ending === 'fin' ? 'peer_fin' : 'peer_reset'
      assert.deepEqual(closes, { [reason]: 3 })
    })
  }
}
