import assert from 'node:assert/strict'
import http from 'node:http'
import https from 'node:https'
import { describe, it, type TestContext } from 'node:test'
import { HttpAgent, requestRecord } from '@holdfast/http-agent'
import { exchange, start } from './exchange.ts'
import { fakeClock } from './fake-clock.ts'
import { forTest, listen, serveHttp, TEST_IDENTITY } from './loopback.ts'
import { NAMED_CLIENT_KINDS } from './named-client.ts'
import { scriptedResolver } from './named-servers.ts'
import { listenTo } from './published.ts'

const LOOKUP_MS = 20
const TLS_MS = 30

const phasesOf = (messages: ReturnType<typeof listenTo<'connection:opened'>>) =>
  messages.map(({ dialMs, lookupMs, connectMs, tlsMs, tlsResumed, attemptCount }) => ({
    dialMs,
    lookupMs,
    connectMs,
    tlsMs,
    tlsResumed,
    attemptCount,
  }))

/** Serves on a clock that goes on while TLS asks for the name, and at no other time. */
const serve = (context: TestContext, isSecure: boolean, passTls: () => unknown) => {
  const onRequest: http.RequestListener = (_request, response) => response.end('ok')
  const sniCallback = (_name: string, callback: (error: null) => void): void => {
    passTls()
    callback(null)
  }
  return isSecure
    ? listen(context, https.createServer({ ...TEST_IDENTITY, SNICallback: sniCallback }, onRequest))
    : listen(context, http.createServer(onRequest))
}

for (const { name, isSecure, create } of NAMED_CLIENT_KINDS) {
  describe(name, () => {
    it('tells where the time of a dial went', async (context) => {
      const test = context as TestContext
      const clock = fakeClock(test)
      const opened = listenTo(test, 'connection:opened')
      const { port } = await serve(test, isSecure, () => clock.pass(TLS_MS))
      const resolver = scriptedResolver('127.0.0.1')
      const client = create(test, {
        lookup: async (host, options, callback) => {
          await clock.pass(LOOKUP_MS)
          resolver.lookup(host, options, callback)
        },
        policy: { maxRequestsPerConnection: 1, addresses: { refreshMs: 1 } },
      })
      await client.ask(port)
      // What was looked up meanwhile is out of date.
      await clock.pass(60_000)
      await client.ask(port)
      const dial = {
        dialMs: LOOKUP_MS + (isSecure ? TLS_MS : 0),
        lookupMs: LOOKUP_MS,
        connectMs: 0,
        tlsMs: isSecure ? TLS_MS : undefined,
        attemptCount: 1,
      }
      const [first, second] = phasesOf(opened)
      assert.deepEqual(first, { ...dial, tlsResumed: isSecure ? false : undefined })
      assert.equal(second?.tlsResumed, isSecure ? true : undefined)
    })

    it('tells how many addresses were tried', async (context) => {
      const test = context as TestContext
      const opened = listenTo(test, 'connection:opened')
      const { port } = await serve(test, isSecure, () => undefined)
      // Nobody listens at the first one.
      const { lookup } = scriptedResolver('127.0.0.2', '127.0.0.1')
      await create(test, { lookup }).ask(port)
      const [message] = opened
      assert.equal(message?.attemptCount, 2)
      assert.equal(message.remoteAddress, '127.0.0.1')
    })
  })
}

it('tells nothing of a connection that is handed over connected', async (context) => {
  const opened = listenTo(context, 'connection:opened')
  const { port } = await serveHttp(context)
  const agent = forTest(context, new HttpAgent())
  const { createConnection } = agent
  agent.createConnection = ((options: http.ClientRequestArgs, callback: never) => {
    const socket = createConnection.call(agent, options)
    socket?.once('connect', () => (callback as (error: null, made: unknown) => void)(null, socket))
  }) as never
  await exchange({ agent, port })
  const [phases] = phasesOf(opened)
  assert.ok(phases !== undefined && phases.dialMs >= 0)
  assert.deepEqual(Object.entries(phases).filter(([, value]) => value !== undefined).length, 1)
})

it('listens to no socket where nobody has subscribed', async (context) => {
  const { port } = await serveHttp(context)
  const agent = forTest(context, new HttpAgent())
  const request = http.request({ port, host: '127.0.0.1', agent }, (response) => response.resume())
  request.end()
  const counts: number[] = []
  request.on('socket', (socket) => counts.push(socket.listenerCount('lookup')))
  await new Promise((resolve) => {
    request.on('close', resolve)
  })
  assert.deepEqual(counts, [0])
})

it('shows the phases in the record of the request that was dialled for, and of no other one', async (context) => {
  const opened = listenTo(context, 'connection:opened')
  const { port } = await serveHttp(context)
  const agent = forTest(context, new HttpAgent())
  const first = start({ agent, port })
  await first.done
  const second = start({ agent, port })
  await second.done
  const [message] = opened
  const records = [first, second].map(({ request }) => requestRecord(request))
  assert.equal(records[0]?.attemptCount, 1)
  assert.equal(records[0].connectMs, message?.connectMs)
  assert.equal(records[1]?.reusedSocket, true)
  assert.equal(records[1].attemptCount, undefined)
})
