import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { Socket } from 'node:net'
import { it, type TestContext } from 'node:test'
import { NAME_EVENT_TYPES, POOL_EVENT_TYPES, PORT_EVENT_TYPES } from '@holdfast/core'
import { DIAGNOSTICS_CHANNELS, type DiagnosticsMessage, HttpAgent } from '@holdfast/http-agent'
import { exchange, start } from './exchange.ts'
import { forTest, serveHttp, serveOnDemand } from './loopback.ts'
import { scriptedResolver } from './named-servers.ts'
import { listenTo } from './published.ts'
import { turnUntil } from './turn.ts'

it('has a channel for each event of the pool', () => {
  assert.deepEqual(Object.keys(DIAGNOSTICS_CHANNELS), [
    ...POOL_EVENT_TYPES,
    ...PORT_EVENT_TYPES,
    ...NAME_EVENT_TYPES,
  ])
  assert.equal(DIAGNOSTICS_CHANNELS['connection:opened'], 'holdfast:connection:opened')
  assert.ok(Object.isFrozen(DIAGNOSTICS_CHANNELS))
})

it('publishes the life of a connection, with its ends', async (context) => {
  const messages = listenTo(context, ...POOL_EVENT_TYPES)
  const { port } = await serveHttp(context)
  const agent = forTest(context, new HttpAgent())
  const { socket } = await exchange({ agent, port })
  await exchange({ agent, port })
  const { localAddress, localPort, remoteAddress, remotePort } = socket
  socket.destroy()
  await once(socket, 'close')
  assert.deepEqual(
    messages.map(({ type }) => type),
    ['connection:dialing', 'connection:opened', 'request:leased', 'connection:closed'],
  )
  const [dialing, opened, leased, closed] = messages as [
    DiagnosticsMessage<'connection:dialing'>,
    DiagnosticsMessage<'connection:opened'>,
    DiagnosticsMessage<'request:leased'>,
    DiagnosticsMessage<'connection:closed'>,
  ]
  for (const { source } of messages) assert.equal(source, agent)
  const place = {
    connectionId: 1,
    origin: `http://127.0.0.1:${port}`,
    serverAddress: '127.0.0.1',
    serverPort: port,
    localAddress,
    localPort,
    remoteAddress,
    remotePort,
  }
  const unknown = undefined
  assert.deepEqual(dialing, {
    type: 'connection:dialing',
    atMs: dialing.atMs,
    ...place,
    localAddress: unknown,
    localPort: unknown,
    remoteAddress: unknown,
    remotePort: unknown,
  })
  const { atMs: openedAtMs, dialMs } = opened
  const noTls = { tlsMs: unknown, tlsResumed: unknown }
  const phases = { lookupMs: unknown, connectMs: dialMs, ...noTls, attemptCount: 1 }
  assert.deepEqual(opened, {
    type: 'connection:opened',
    atMs: openedAtMs,
    dialMs,
    ...phases,
    ...place,
  })
  const { waitMs } = leased
  assert.equal(waitMs, dialMs)
  const first = { waitMs, isReused: false }
  assert.deepEqual(leased, { type: 'request:leased', atMs: leased.atMs, ...first, ...place })
  const { atMs, ageMs } = closed
  assert.equal(ageMs, atMs - openedAtMs)
  assert.deepEqual(closed, {
    type: 'connection:closed',
    atMs,
    ageMs,
    reason: 'peer_fin',
    requestCount: 2,
    wasOpen: true,
    ...place,
  })
})

it('knows the ends of a closed connection also where only closes are listened to', async (context) => {
  const messages = listenTo(context, 'connection:closed')
  const { port } = await serveHttp(context)
  const agent = forTest(context, new HttpAgent())
  const { socket } = await exchange({ agent, port })
  const { localPort } = socket
  agent.destroy()
  await once(socket, 'close')
  assert.equal(messages.length, 1)
  assert.equal(messages[0]?.localPort, localPort)
  assert.equal(messages[0]?.reason, 'destroyed')
})

it('publishes what happens to requests that wait', async (context) => {
  const messages = listenTo(context, 'request:queued', 'request:rejected')
  const { port, next } = await serveOnDemand(context)
  const policy = { maxQueuedRequests: 1 }
  const agent = forTest(context, new HttpAgent({ maxSockets: 1, policy }))
  const first = start({ agent, port })
  const second = start({ agent, port })
  const third = start({ agent, port })
  await assert.rejects(third.done, { code: 'ERR_HOLDFAST_QUEUE_FULL' })
  const [queued, rejected] = messages
  assert.equal(queued?.type, 'request:queued')
  assert.equal(queued.serverPort, port)
  assert.equal(queued.source, agent)
  assert.equal(rejected?.type === 'request:rejected' && rejected.code, 'ERR_HOLDFAST_QUEUE_FULL')
  for (const pending of [first, second]) {
    const { response } = await next()
    response.end()
    await pending.done
  }
})

it('asks no socket for its ends where nobody listens', async (context) => {
  const { port } = await serveHttp(context)
  const agent = forTest(context, new HttpAgent())
  const asked: string[] = []
  const pending = start({ agent, port })
  const socket = pending.request.socket ?? ((await once(pending.request, 'socket'))[0] as Socket)
  for (const end of ['localAddress', 'localPort', 'remoteAddress', 'remotePort'] as const) {
    Object.defineProperty(socket, end, { get: () => asked.push(end) })
  }
  await pending.done
  socket.destroy()
  await once(socket, 'close')
  assert.deepEqual(asked, [])
})

/** The fields that the documentation gives each channel, and those that it gives all of them. */
const documentedFields = (): Map<string, Set<string>> => {
  // The compiled tests run from a folder of the same depth.
  const text = readFileSync(new URL('../../../../docs/seeing.md', import.meta.url), 'utf8')
  const rows = text.matchAll(/^\| `holdfast:(?<type>[^`]+)` \| [^|]+ \| ?(?<fields>[^|]*)\|$/gmu)
  const namesIn = (fields = ''): string[] =>
    [...fields.matchAll(/`(?<name>\w+)`/gu)].map(({ groups }) => groups?.['name'] ?? '')
  const common = namesIn(
    /^Each message has (?<fields>[^.]+)\./mu.exec(text)?.groups?.['fields'],
  ).filter((name) => name !== 'undefined')
  return new Map(
    [...rows].map(({ groups }) => {
      const type = groups?.['type'] ?? ''
      const own = type.startsWith('connection') ? ['connectionId'] : []
      return [type, new Set([...common, ...own, ...namesIn(groups?.['fields'])])]
    }),
  )
}

/** Dials a name, of which one address refuses the connection and is gone then. */
const loseAddress = async (context: TestContext): Promise<void> => {
  const { port } = await serveHttp(context)
  const resolver = scriptedResolver('127.0.0.2', '127.0.0.1')
  const { lookup } = resolver
  const policy = { addresses: { refreshMs: 1 } }
  const agent = forTest(context, new HttpAgent({ keepAlive: false, lookup, policy }))
  await exchange({ agent, port, host: 'a.holdfast.test' })
  resolver.answer = ['127.0.0.1']
  const callCount = resolver.calls.length
  // Each dial that comes later than a millisecond after the last answer looks the name up.
  while (resolver.calls.length < callCount + 2) {
    await exchange({ agent, port, host: 'a.holdfast.test' })
  }
}

it('publishes what is documented, in every message', async (context) => {
  const messages = listenTo(context, ...POOL_EVENT_TYPES)
  const { port, server, next } = await serveOnDemand(context)
  server.on('connect', (_request, stream) => stream.write('HTTP/1.1 200 OK\r\n\r\n'))
  const policy = { maxQueuedRequests: 1, maxRequestsPerConnection: 2 }
  const agent = forTest(context, new HttpAgent({ maxSockets: 1, policy }))
  const pending = [start({ agent, port }), start({ agent, port }), start({ agent, port })]
  const served = await next()
  served.response.end()
  const lost = await next()
  lost.request.socket.destroy()
  const replayed = await next()
  replayed.response.end()
  await Promise.allSettled(pending.map(({ done }) => done))
  const upgrade = start({ agent, port, method: 'CONNECT', path: 'elsewhere:1' })
  const connected = once(upgrade.request, 'connect')
  const documented = documentedFields()
  await turnUntil(() => messages.some(({ type }) => type === 'connection:closed'))
  const [, socket] = (await connected) as [unknown, Socket]
  socket.destroy()
  // One that waits for its connection to be looked at loses it; then, sent on a fresh one, that as well.
  const fenced = forTest(context, new HttpAgent({ policy: { staleCheck: 'fence' } }))
  const first = start({ agent: fenced, port })
  const { request: idle, response } = await next()
  response.end()
  await first.done
  idle.socket.destroy()
  const moved = start({ agent: fenced, port, method: 'POST' })
  const failing = await next()
  failing.request.socket.destroy()
  await assert.rejects(moved.done, { code: 'ECONNRESET' })
  await loseAddress(context)
  const types = new Set(messages.map(({ type }) => type))
  assert.deepEqual(new Set(documented.keys()), new Set(POOL_EVENT_TYPES))
  assert.deepEqual(types, new Set(POOL_EVENT_TYPES))
  for (const message of messages) {
    const fields = new Set([...Object.keys(message), 'source'])
    assert.deepEqual(fields, documented.get(message.type), message.type)
  }
})
