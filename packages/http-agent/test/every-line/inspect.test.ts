import assert from 'node:assert/strict'
import { once } from 'node:events'
import http from 'node:http'
import net, { type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pid, platform } from 'node:process'
import { it, type TestContext } from 'node:test'
import { HttpAgent, HttpsAgent, type TcpState } from '@holdfast/http-agent'
import { observedTcpView } from '../../dist/driver/observe/observed-tcp-view.js'
import { exchange, open, start } from './exchange.ts'
import { readKernelRows } from './kernel-tcp.ts'
import { forTest, listen, serveHttp, serveHttps, serveOnDemand, TEST_IDENTITY } from './loopback.ts'
import { turnUntil } from './turn.ts'

it('shows a connection in each state of its life', async (context) => {
  const { port, next } = await serveOnDemand(context)
  const agent = forTest(context, new HttpAgent({ policy: { idleTimeoutMs: 10_000 } }))
  assert.deepEqual(agent.inspect(), [])

  const pending = start({ agent, port })
  const [connecting] = agent.inspect()
  assert.equal(connecting?.state, 'connecting')
  assert.equal(connecting.localPort, undefined)

  const { response } = await next()
  const [leased] = agent.inspect()
  const { localAddress, localPort, remoteAddress, remotePort } = pending.request.socket as Socket
  const ends = { localAddress, localPort, remoteAddress, remotePort }
  assert.equal(remotePort, port)
  assert.ok(leased !== undefined && leased.ageMs >= 0)
  assert.deepEqual(leased, {
    id: 1,
    origin: `http://127.0.0.1:${port}`,
    state: 'leased',
    tcpState: 'ESTABLISHED',
    tcpStateAlternatives: ['CLOSE_WAIT', 'CLOSED'],
    ...ends,
    ageMs: leased.ageMs,
    idleMs: undefined,
    requestCount: 1,
    expiresInMs: undefined,
    closeReason: undefined,
  })

  response.end()
  await pending.done
  const [idle] = agent.inspect()
  assert.equal(idle?.state, 'idle')
  assert.ok(idle.idleMs !== undefined && idle.idleMs >= 0)
  assert.equal(idle.expiresInMs, 10_000 - idle.idleMs)
  assert.equal(idle.localPort, localPort)
})

it('shows why a connection takes no further request', async (context) => {
  const { port, next } = await serveOnDemand(context)
  const agent = forTest(context, new HttpAgent({ policy: { maxRequestsPerConnection: 1 } }))
  const pending = start({ agent, port })
  const { response } = await next()
  // A request that gets its socket while that connects hears of it once it is served.
  response.end()
  await pending.done
  const [row] = agent.inspect()
  assert.equal(row?.state, 'lingering')
  assert.ok(row.expiresInMs !== undefined && row.expiresInMs <= 1000)
  assert.ok(row.closeReason === 'max_requests' || row.closeReason === 'response_close')
})

it('shows TLS connections with the ends of what carries them', async (context) => {
  const { port } = await serveHttps(context)
  const agent = forTest(context, new HttpsAgent({ ca: TEST_IDENTITY.cert }))
  const { socket } = await exchange({ agent, port, servername: 'localhost' })
  const [row] = agent.inspect()
  assert.equal(row?.tcpState, 'ESTABLISHED')
  assert.equal(row.localPort, socket.localPort)
  assert.equal(row.remotePort, port)
})

it('shows no TCP state where there is no TCP', async (context) => {
  const path = join(tmpdir(), `holdfast-inspect-${pid}.sock`)
  const server = http.createServer((_request, response) => response.end('ok'))
  await listen(context, server, path)
  const agent = forTest(context, new HttpAgent())
  await exchange({ agent, socketPath: path })
  const [row] = agent.inspect()
  assert.equal(row?.state, 'idle')
  assert.equal(row.tcpState, undefined)
  assert.deepEqual(row.tcpStateAlternatives, [])
  const [origin] = Object.values(agent.stats().origins)
  assert.equal(origin?.serverAddress, path)
  assert.equal(origin?.serverPort, undefined)
})

it('does not spoil what a connecting socket says of itself later', async (context) => {
  const { port } = await serveHttp(context)
  const agent = forTest(context, new HttpAgent())
  const pending = start({ agent, host: 'localhost', port })
  for (let look = 0; look < 3; look++) agent.inspect()
  const { socket } = await pending.done
  assert.equal(socket.remotePort, port)
  assert.equal(typeof socket.localPort, 'number')
})

it('counts, names the server of each origin, and says what of TCP keepalive can be set', async (context) => {
  const { port } = await serveHttp(context)
  const agent = forTest(context, new HttpAgent())
  await exchange({ agent, port })
  const { origins, canSetProbes, ...total } = agent.stats()
  const name = `http://127.0.0.1:${port}`
  assert.deepEqual(Object.keys(origins), [name])
  assert.equal(origins[name]?.serverAddress, '127.0.0.1')
  assert.equal(origins[name]?.serverPort, port)
  assert.equal(origins[name]?.idle, 1)
  assert.equal(total.idle, 1)
  assert.equal(canSetProbes, net.Socket.prototype.setKeepAlive.length === 4)
})

const halfOpenPair = async (context: TestContext): Promise<{ client: Socket; peer: Socket }> => {
  const { server, port } = await listen(context, net.createServer({ allowHalfOpen: true }))
  const client = net.connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  context.after(() => client.destroy())
  client.on('error', () => undefined)
  const [[peer]] = (await Promise.all([once(server, 'connection'), once(client, 'connect')])) as [
    [Socket],
    unknown,
  ]
  return { client, peer }
}

const kernelStateOf = ({ localPort, remotePort }: Socket): string | undefined =>
  readKernelRows(remotePort as number).find((row) => row.localPort === localPort)?.state

for (const [first, event, state] of [
  ['peer', 'end', 'CLOSE_WAIT'],
  ['client', 'finish', 'FIN_WAIT_2'],
] as const) {
  it(`tells the TCP state where the ${first} has finished`, {
    skip: platform !== 'linux' && 'reads /proc',
  }, async (context) => {
    const pair = await halfOpenPair(context)
    const { client } = pair
    client.resume()
    pair[first].end()
    await once(client, event)
    const view = observedTcpView(client)
    assert.equal(view?.state, state)
    assert.ok([state, ...view.indistinguishable].includes(kernelStateOf(client) as TcpState))
  })
}

it('tells that a connection that was reset is over', async (context) => {
  const { client, peer } = await halfOpenPair(context)
  client.resume()
  peer.resetAndDestroy()
  await turnUntil(() => client.destroyed)
  const view = observedTcpView(client)
  assert.equal(view?.state, 'CLOSED')
  assert.deepEqual(view?.indistinguishable, [])
})

it('tells that nothing is sent while a name is looked up', async (context) => {
  const { port } = await serveHttp(context)
  const agent = forTest(context, new HttpAgent())
  const lookups: (() => void)[] = []
  const pending = open({
    agent,
    host: 'somewhere.test',
    port,
    lookup: (_name, _options, callback) => {
      lookups.push(() => callback(null, [{ address: '127.0.0.1', family: 4 }]))
    },
  })
  pending.request.end()
  await turnUntil(() => lookups.length > 0)
  assert.equal(agent.inspect()[0]?.tcpState, 'CLOSED')
  for (const answer of lookups) answer()
  await pending.done
  assert.equal(agent.inspect()[0]?.tcpState, 'ESTABLISHED')
})
