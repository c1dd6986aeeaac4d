import assert from 'node:assert/strict'
import net, { type Socket } from 'node:net'
import { duplexPair } from 'node:stream'
import { it, type TestContext } from 'node:test'
import { HttpAgent, type HttpAgentOptions } from '@holdfast/http-agent'
import { exchange } from './exchange.ts'
import { forTest, serveHttp } from './loopback.ts'

/** What Node is asked for: with the options of a socket, and by the calls that follow. */
interface Asked {
  readonly keepAlive: unknown
  readonly keepAliveInitialDelay: unknown
  readonly calls: readonly unknown[][]
}

const askedBy = async (context: TestContext, options?: HttpAgentOptions): Promise<Asked> => {
  const { port } = await serveHttp(context)
  const agent = forTest(context, new HttpAgent(options))
  const calls: unknown[][] = []
  let asked: Partial<net.TcpNetConnectOpts> = {}
  Object.assign(agent, {
    createConnection: (socketOptions: net.TcpNetConnectOpts): Socket => {
      asked = socketOptions
      const socket = net.connect(socketOptions)
      const { setKeepAlive } = socket
      socket.setKeepAlive = (...values) => {
        calls.push(values)
        return setKeepAlive.apply(socket, values)
      }
      return socket
    },
  })
  await exchange({ agent, port })
  await exchange({ agent, port })
  const { keepAlive, keepAliveInitialDelay } = asked
  return { keepAlive, keepAliveInitialDelay, calls }
}

const CASES: readonly [string, HttpAgentOptions | undefined, Asked][] = [
  [
    "the policy's default",
    undefined,
    { keepAlive: true, keepAliveInitialDelay: 30_000, calls: [[true, 30_000, 5000, 3]] },
  ],
  [
    'what the policy sets',
    { policy: { tcpKeepAlive: { delayMs: 10_000, probes: 9 } } },
    { keepAlive: true, keepAliveInitialDelay: 10_000, calls: [[true, 10_000, 5000, 9]] },
  ],
  [
    "Node's own option, which is the delay alone",
    { keepAliveMsecs: 2000 },
    {
      keepAlive: true,
      keepAliveInitialDelay: 2000,
      calls: [[true, 2000, undefined, undefined]],
    },
  ],
  [
    "what the policy sets before Node's own option",
    { keepAliveMsecs: 2000, policy: { tcpKeepAlive: {} } },
    { keepAlive: true, keepAliveInitialDelay: 30_000, calls: [[true, 30_000, 5000, 3]] },
  ],
  [
    'nothing where it is switched off',
    { keepAliveMsecs: 2000, policy: { tcpKeepAlive: false } },
    { keepAlive: false, keepAliveInitialDelay: undefined, calls: [] },
  ],
  [
    "nothing without `keepAlive`, as Node's agents",
    { keepAlive: false },
    { keepAlive: false, keepAliveInitialDelay: undefined, calls: [] },
  ],
]

for (const [name, options, expected] of CASES) {
  it(`asks Node for TCP keepalive: ${name}`, async (context) => {
    const asked = await askedBy(context, options)
    assert.deepEqual(asked, expected)
  })
}

it("leaves Node's default of `keepAliveMsecs` to be read", () => {
  assert.equal(new HttpAgent().keepAliveMsecs, 1000)
  assert.equal(new HttpAgent({ keepAliveMsecs: 7 }).keepAliveMsecs, 7)
})

it('uses a stream that knows no TCP keepalive', async (context) => {
  const { server } = await serveHttp(context)
  const agent = forTest(context, new HttpAgent())
  Object.assign(agent, {
    createConnection: () => {
      const [mine, theirs] = duplexPair()
      server.emit('connection', theirs)
      return mine
    },
  })
  const bodies = [(await exchange({ agent })).body, (await exchange({ agent })).body]
  assert.deepEqual(bodies, ['ok', 'ok'])
  assert.equal(agent.stats().reuses, 1)
})
