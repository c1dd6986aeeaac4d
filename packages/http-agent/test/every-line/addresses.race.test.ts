import assert from 'node:assert/strict'
import type { Socket } from 'node:net'
import process from 'node:process'
import { describe, it, type TestContext } from 'node:test'
import { HttpAgent, HttpsAgent } from '@holdfast/http-agent'
import { start } from './exchange.ts'
import { forTest, TEST_IDENTITY } from './loopback.ts'
import { NAME, NAMED_CLIENT_KINDS } from './named-client.ts'
import { openBlackHole, scriptedResolver, serveAtAll } from './named-servers.ts'
import { turnUntil } from './turn.ts'

const TWO = ['127.0.0.1', '127.0.0.2'] as const
const QUICK = { policy: { addresses: { attemptTimeoutMs: 10 } } } as const

const EVENTS = [
  'lookup',
  'connectionAttempt',
  'connectionAttemptFailed',
  'connect',
  'secureConnect',
  'ready',
] as const

/** TCP sockets of this process that are open, or connecting. */
const socketCount = (): number =>
  process.getActiveResourcesInfo().filter((type) => type === 'TCPSocketWrap').length

const begin = (context: TestContext, isSecure: boolean, port: number) => {
  const { lookup } = scriptedResolver(...TWO)
  const agent = forTest(
    context,
    isSecure ? new HttpsAgent({ ca: TEST_IDENTITY.cert, ...QUICK }) : new HttpAgent(QUICK),
  )
  const pending = start({ agent, port, host: NAME, lookup })
  const events: unknown[] = []
  const sockets: Socket[] = []
  pending.request.on('socket', (socket) => {
    sockets.push(socket)
    for (const event of EVENTS) {
      socket.on(event, (value) =>
        events.push(event.startsWith('connectionAttempt') ? `${event} ${value}` : event),
      )
    }
  })
  return { agent, events, sockets, ...pending }
}

for (const isSecure of [false, true]) {
  describe(`an agent over ${isSecure ? 'TLS' : 'TCP'}, of a name with two addresses`, () => {
    const opened = isSecure ? ['connect', 'ready', 'secureConnect'] : ['connect', 'ready']

    it('shows a request one socket, with the events that Node has, in their order', async (context) => {
      const test = context as TestContext
      const { port } = await serveAtAll(test, TWO, isSecure)
      const { done, events, sockets } = begin(test, isSecure, port)
      await done
      assert.equal(sockets.length, 1)
      assert.deepEqual(events, ['lookup', 'connectionAttempt 127.0.0.1', ...opened])
    })

    it('shows it no other one where the next address takes the connection', async (context) => {
      const test = context as TestContext
      const { port } = await serveAtAll(test, ['127.0.0.2'], isSecure)
      const { done, events, sockets } = begin(test, isSecure, port)
      const { body, socket } = await done
      assert.equal(body, '127.0.0.2')
      assert.deepEqual(sockets, [socket])
      assert.equal(socket.remoteAddress, '127.0.0.2')
      assert.deepEqual(
        socket.autoSelectFamilyAttemptedAddresses,
        TWO.map((ip) => `${ip}:${port}`),
      )
      assert.deepEqual(events, [
        'lookup',
        'connectionAttempt 127.0.0.1',
        'connectionAttemptFailed 127.0.0.1',
        'connectionAttempt 127.0.0.2',
        ...opened,
      ])
    })

    it('shows it no other one where the first address does not answer', async (context) => {
      const test = context as TestContext
      const { port } = await serveAtAll(test, ['127.0.0.2'], isSecure)
      await openBlackHole(test, port, '127.0.0.1')
      const { done, events, sockets } = begin(test, isSecure, port)
      const { body, socket } = await done
      assert.equal(body, '127.0.0.2')
      assert.deepEqual(sockets, [socket])
      assert.deepEqual(events, [
        'lookup',
        'connectionAttempt 127.0.0.1',
        'connectionAttempt 127.0.0.2',
        ...opened,
      ])
      for (const event of EVENTS) assert.equal(socket.listenerCount(event), 1, event)
    })
  })
}

for (const isSecure of [false, true]) {
  it(`an agent over ${isSecure ? 'TLS' : 'TCP'} leaves no attempt behind where a request is given up`, async (context) => {
    const { port, servers } = await serveAtAll(context, ['127.0.0.3'], isSecure)
    servers[0]?.server.close()
    for (const address of TWO) await openBlackHole(context, port, address)
    const before = socketCount()
    const { agent, closed, events, request } = begin(context, isSecure, port)
    await turnUntil(() => events.includes('connectionAttempt 127.0.0.2'))
    request.destroy()
    await closed
    await turnUntil(() => socketCount() === before)
    assert.equal(agent.totalSocketCount, 0)
  })
}

for (const { name, isSecure, create } of NAMED_CLIENT_KINDS.filter((kind) => !kind.isSecure)) {
  describe(name, () => {
    it('reaches an address that takes longer than an attempt may, as the first one goes on', async (context) => {
      const test = context as TestContext
      const { port, servers } = await serveAtAll(test, ['127.0.0.3'], isSecure)
      servers[0]?.server.close()
      const [far] = await Promise.all(TWO.map((address) => openBlackHole(test, port, address)))
      const client = create(test, { lookup: scriptedResolver(...TWO).lookup, ...QUICK })
      const before = socketCount()
      const asked = client.ask(port)
      await turnUntil(() => socketCount() > before + 1)
      far?.open()
      assert.equal(await asked, '127.0.0.1')
      await turnUntil(() => client.pool.stats().idle === 1)
      assert.equal(client.pool.inspect()[0]?.remoteAddress, '127.0.0.1')
    })
  })
}
