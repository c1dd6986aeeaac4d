import assert from 'node:assert/strict'
import { once } from 'node:events'
import https from 'node:https'
import net from 'node:net'
import { describe, it, type TestContext } from 'node:test'
import tls, { type TLSSocket } from 'node:tls'
import { HttpsAgent, type HttpsAgentOptions } from '@holdfast/http-agent'
import { type Exchange, exchange, start } from './exchange.ts'
import { forTest, type LoopbackServer, listen, TEST_IDENTITY } from './loopback.ts'

const { cert: ca, cert, key } = TEST_IDENTITY

/** Options that reach the connection, of which Node's types know only some in a request. */
type TlsRequestOptions = Omit<tls.ConnectionOptions, 'host' | 'port'>

/** A path that is never answered. */
const BUSY = '/busy'

/** Answers with what it sees of the client. */
const serve = (context: TestContext): Promise<LoopbackServer<https.Server>> =>
  listen(
    context,
    https.createServer(
      {
        ...TEST_IDENTITY,
        ca,
        requestCert: true,
        rejectUnauthorized: false,
        ALPNProtocols: ['x1', 'x2', 'http/1.1'],
        keepAliveTimeout: 0,
      },
      ({ socket, url }, response) => {
        if (url === BUSY) return
        const { alpnProtocol } = socket as TLSSocket
        const { subject } = (socket as TLSSocket).getPeerCertificate()
        response.end(`${subject === undefined ? 'nobody' : 'somebody'} by ${alpnProtocol}`)
      },
    ),
  )

/** Serves the second connection only once the third is in use, or gone. */
const serveSecondDialLast = async (
  context: TestContext,
): Promise<{ readonly port: number; readonly arrival: Promise<unknown> }> => {
  const { server } = await serve(context)
  const arrival = once(server, 'request')
  let held: net.Socket | undefined
  let count = 0
  const pass = (socket: net.Socket): unknown => server.emit('connection', socket)
  const release = (): void => {
    if (held !== undefined) pass(held)
    held = undefined
  }
  const { port } = await listen(
    context,
    net.createServer((socket) => {
      count++
      if (count === 2) {
        held = socket
        return
      }
      if (count === 3) {
        socket.on('close', release)
        server.on('request', release)
      }
      pass(socket)
    }),
  )
  return { port, arrival }
}

const accept = (): undefined => undefined
const refuse = (): Error => new Error('not this one')

/** Two requests that Node's name takes for the same, and what each of them is to get. */
const PAIRS: Readonly<
  Record<string, readonly [TlsRequestOptions, TlsRequestOptions, string, string]>
> = {
  secureContext: [
    { secureContext: tls.createSecureContext({ ca, cert, key }) },
    { secureContext: tls.createSecureContext({ ca }) },
    'somebody by false',
    'nobody by false',
  ],
  ALPNProtocols: [
    { ALPNProtocols: ['x1'] },
    { ALPNProtocols: ['x2'] },
    'nobody by x1',
    'nobody by x2',
  ],
  checkServerIdentity: [
    { checkServerIdentity: accept },
    { checkServerIdentity: refuse },
    'nobody by false',
    'not this one',
  ],
}

const outcomeOf = (done: Promise<Exchange>): Promise<string> =>
  done.then(
    ({ body }) => body,
    (error: Error) => error.message,
  )

const agentFor = (context: TestContext, options?: HttpsAgentOptions): HttpsAgent =>
  forTest(context, new HttpsAgent({ ca, ...options }))

for (const [name, [first, second, ...expected]] of Object.entries(PAIRS)) {
  describe(`a connection that was made for another ${name}`, () => {
    it('serves no request that comes after it', async (context) => {
      const { port } = await serve(context)
      const agent = agentFor(context)
      const ask = (options: TlsRequestOptions): Promise<string> =>
        outcomeOf(exchange({ agent, port, ...options }))
      assert.deepEqual([await ask(first), await ask(second)], expected)
      assert.deepEqual([await ask(second), await ask(first)], expected.toReversed())
    })

    it('serves no request that waits beside it', async (context) => {
      for (const [asked, answers] of [
        [[first, second], expected],
        [[second, first], expected.toReversed()],
      ] as const) {
        const { port, arrival } = await serveSecondDialLast(context)
        const policy = { binding: 'late' } as const
        const agent = agentFor(context, { keepAlive: false, maxCachedSessions: 0, policy })
        // As long as a connection is in use, whoever waits may be given what comes first.
        const busy = start({ agent, port, path: BUSY })
        await arrival
        const outcomes = await Promise.all(
          asked.map((options) => outcomeOf(exchange({ agent, port, ...options }))),
        )
        assert.deepEqual(outcomes, answers)
        busy.request.destroy()
      }
    })

    it('leaves no session behind that skips the check', async (context) => {
      const { port } = await serve(context)
      const agent = agentFor(context, { keepAlive: false, maxVersion: 'TLSv1.2' })
      const ask = (options: TlsRequestOptions): Promise<string> =>
        outcomeOf(exchange({ agent, port, ...options }))
      assert.deepEqual([await ask(first), await ask(second)], expected)
    })
  })
}

it('resumes the session of an equal connection, and no other one', async (context) => {
  const { port } = await serve(context)
  const agent = agentFor(context, { keepAlive: false, maxVersion: 'TLSv1.2' })
  const isResumed = async (secureContext: tls.SecureContext): Promise<boolean> => {
    const options = { agent, host: '127.0.0.1', port, secureContext }
    const request = https.get(options)
    const [response] = await once(request, 'response')
    const isReused = (response.socket as TLSSocket).isSessionReused()
    response.resume()
    await once(request, 'close')
    return isReused
  }
  const [one, other] = [tls.createSecureContext({ ca }), tls.createSecureContext({ ca })]
  assert.equal(await isResumed(one), false)
  assert.equal(await isResumed(one), true)
  assert.equal(await isResumed(other), false)
})

it('keeps no connection that has to be checked for each request', async (context) => {
  const { port, connectionCount } = await serve(context)
  const agent = agentFor(context)
  const isKeptByNode = await isKept(context, new https.Agent({ ca, keepAlive: true }), port)
  await exchange({ agent, port, checkServerIdentity: accept })
  assert.equal(agent.stats().idle, isKeptByNode ? 1 : 0)
  const before = connectionCount()
  await exchange({ agent, port, checkServerIdentity: accept })
  assert.equal(connectionCount() - before, isKeptByNode ? 0 : 1)
})

/** Whether Node's agent keeps a connection whose request has brought a function to check it. */
const isKept = async (context: TestContext, agent: https.Agent, port: number): Promise<boolean> => {
  forTest(context, agent)
  await exchange({ agent, port, checkServerIdentity: accept })
  return Object.keys(agent.freeSockets).length > 0
}

it('shows origins that Node takes for one as one, as Node does', async (context) => {
  const { port } = await serve(context)
  const agent = agentFor(context)
  await exchange({ agent, port, ...{ ALPNProtocols: ['x1'] } })
  await exchange({ agent, port, ...{ ALPNProtocols: ['x2'] } })
  const name = agent.getName({ host: '127.0.0.1', port, ca })
  assert.deepEqual(Object.keys(agent.freeSockets), [name])
  assert.equal(agent.freeSockets[name]?.length, 2)
  assert.equal(Object.keys(agent.stats().origins).length, 2)
})
