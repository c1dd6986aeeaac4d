import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import http, { type ClientRequest } from 'node:http'
import net, { type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Duplex, duplexPair } from 'node:stream'
import { it, type TestContext } from 'node:test'
import { HttpAgent, type HttpAgentOptions } from '@holdfast/http-agent'
import { type Exchange, exchange, start } from './exchange.ts'
import { forTest, listen, serveHttp, serveOnDemand } from './loopback.ts'
import { turn } from './turn.ts'

type Callback = (error: Error | null, socket?: Duplex) => void
type CreateConnection = (options: net.NetConnectOpts, callback: Callback) => Duplex | null

/** An agent whose `createConnection` is the given one. */
const agentWith = (
  context: TestContext,
  createConnection: CreateConnection,
  options?: HttpAgentOptions,
): HttpAgent => {
  const agent = new HttpAgent(options)
  Object.assign(agent, { createConnection })
  return forTest(context, agent)
}

const bodiesOf = async (agent: HttpAgent, port: number, count: number): Promise<string[]> => {
  const exchanges: Exchange[] = []
  while (exchanges.length < count) exchanges.push(await exchange({ agent, port }))
  return exchanges.map(({ body, isReused }) => `${body} ${isReused ? 'reused' : 'fresh'}`)
}

const WAYS: Readonly<Record<string, CreateConnection>> = {
  'returns a socket': (options) => net.connect(options),
  'calls back with a connecting socket at once': (options, callback) => {
    callback(null, net.connect(options))
    return null
  },
  'calls back with a connected socket later': (options, callback) => {
    const socket = net.connect(options, () => callback(null, socket))
    return null
  },
  'returns a socket and calls back with it as well': (options, callback) => {
    const socket = net.connect(options, () => callback(null, socket))
    return socket
  },
}

for (const [name, createConnection] of Object.entries(WAYS)) {
  it(`works with a createConnection that ${name}`, async (context) => {
    const { port, connectionCount } = await serveHttp(context)
    const agent = agentWith(context, createConnection)
    assert.deepEqual(await bodiesOf(agent, port, 3), ['ok fresh', 'ok reused', 'ok reused'])
    assert.equal(connectionCount(), 1)
    assert.equal(agent.totalSocketCount, 1)
  })
}

it('fails one request where createConnection calls back with an error later', async (context) => {
  const { port } = await serveHttp(context)
  const error = new Error('no way')
  const errors = [error]
  const agent = agentWith(context, (options, callback) => {
    const failure = errors.pop()
    if (failure === undefined) return net.connect(options)
    setImmediate(callback, failure)
    return null
  })
  const [failed, served] = [start({ agent, port }), start({ agent, port })]
  await assert.rejects(failed.done, error)
  assert.equal((await served.done).body, 'ok')
  assert.equal(agent.totalSocketCount, 1)
})

it('lets http.request throw what createConnection throws', async (context) => {
  const { port } = await serveHttp(context)
  const error = new Error('no way')
  const errors = [error]
  const agent = agentWith(context, (options) => {
    const failure = errors.pop()
    if (failure !== undefined) throw failure
    return net.connect(options)
  })
  assert.throws(() => http.get({ agent, port, host: '127.0.0.1' }), error)
  assert.equal(agent.totalSocketCount, 0)
  assert.deepEqual(await bodiesOf(agent, port, 2), ['ok fresh', 'ok reused'])
})

it('fails a queued request with what createConnection throws when its turn comes', async (context) => {
  const { port, next } = await serveOnDemand(context)
  const error = new Error('no way')
  let callCount = 0
  const agent = agentWith(
    context,
    (options) => {
      if (++callCount === 2) throw error
      return net.connect(options)
    },
    { maxSockets: 1 },
  )
  const [first, second, third] = [
    start({ agent, port }),
    start({ agent, port }),
    start({ agent, port }),
  ] as const
  const { response } = await next()
  response.setHeader('Connection', 'close')
  response.end()
  await first.done
  await assert.rejects(second.done, error)
  const arrival = await next()
  arrival.response.end()
  assert.equal((await third.done).status, 200)
})

it('works on a stream that is no socket', async (context) => {
  const { server, port } = await serveHttp(context)
  let streamCount = 0
  const agent = agentWith(context, () => {
    streamCount++
    const [client, peer] = duplexPair()
    server.emit('connection', peer)
    return client
  })
  assert.deepEqual(await bodiesOf(agent, port, 3), ['ok fresh', 'ok reused', 'ok reused'])
  assert.equal(streamCount, 1)
})

it('closes a stream that is no socket where its request was given up meanwhile', async (context) => {
  const { server, port } = await serveHttp(context)
  const streams: Duplex[] = []
  const agent = agentWith(context, (_options, callback) => {
    const [client, peer] = duplexPair()
    server.emit('connection', peer)
    streams.push(client)
    setImmediate(callback, null, client)
    return null
  })
  const { request, done } = start({ agent, port })
  request.destroy(new Error('given up'))
  await assert.rejects(done, { message: 'given up' })
  // Its place does not depend on an answer that may never come.
  assert.equal(agent.totalSocketCount, 0)
  await turn()
  assert.equal(streams[0]?.destroyed, true)
  assert.deepEqual(await bodiesOf(agent, port, 1), ['ok fresh'])
})

it('calls a createSocket that a subclass overrides', async (context) => {
  const { port } = await serveHttp(context)
  const seen: unknown[] = []
  class OwnAgent extends HttpAgent {
    override createSocket(...values: Parameters<HttpAgent['createSocket']>): void {
      seen.push(values[1]['port'])
      super.createSocket(...values)
    }
  }
  const agent = forTest(context, new OwnAgent())
  assert.deepEqual(await bodiesOf(agent, port, 2), ['ok fresh', 'ok reused'])
  assert.deepEqual(seen, [port])
})

it('takes what a createSocket that replaces its own calls back with', async (context) => {
  const { port } = await serveHttp(context)
  class OwnAgent extends HttpAgent {
    override createSocket(...values: Parameters<HttpAgent['createSocket']>): void {
      const socket = net.connect(port, '127.0.0.1')
      values[2](null, socket as Parameters<(typeof values)[2]>[1])
    }
  }
  const agent = forTest(context, new OwnAgent())
  assert.deepEqual(await bodiesOf(agent, 1, 2), ['ok fresh', 'ok reused'])
})

it('closes a socket for which an overridden keepSocketAlive returns false', async (context) => {
  const { port, connectionCount } = await serveHttp(context)
  const seen: Duplex[] = []
  class OwnAgent extends HttpAgent {
    override keepSocketAlive(socket: Duplex): boolean {
      seen.push(socket)
      return super.keepSocketAlive(socket) && seen.length > 1
    }
  }
  const agent = forTest(context, new OwnAgent())
  assert.deepEqual(await bodiesOf(agent, port, 3), ['ok fresh', 'ok fresh', 'ok reused'])
  assert.equal(connectionCount(), 2)
  assert.equal(seen.length, 3)
  assert.equal(new Set(seen).size, 2)
})

it('calls an overridden reuseSocket before each reuse of an idle socket', async (context) => {
  const { port } = await serveHttp(context)
  const seen: [Duplex, ClientRequest][] = []
  class OwnAgent extends HttpAgent {
    override reuseSocket(socket: Duplex, request: ClientRequest): void {
      seen.push([socket, request])
      super.reuseSocket(socket, request)
    }
  }
  const agent = forTest(context, new OwnAgent())
  const first = await exchange({ agent, port })
  const second = start({ agent, port })
  await second.done
  assert.deepEqual(seen, [[first.socket, second.request]])
})

it('changes neither the options of a request nor its own', async (context) => {
  const { port } = await serveHttp(context)
  const own = Object.freeze({ keepAlive: true, timeout: 5000, policy: Object.freeze({}) })
  const agent = forTest(context, new HttpAgent(own))
  const options = Object.freeze({
    agent,
    port,
    host: '127.0.0.1',
    headers: Object.freeze({ 'x-test': '1' }),
  })
  for (let count = 0; count < 2; count++) assert.equal((await exchange(options)).body, 'ok')
  assert.deepEqual(own, { keepAlive: true, timeout: 5000, policy: {} })
})

it('lets its own options win over those of a request', async (context) => {
  const { port, server } = await serveHttp(context)
  const agent = forTest(context, new HttpAgent({ localAddress: '127.0.0.2' }))
  const connected = once(server, 'connection')
  await exchange({ agent, port, localAddress: '127.0.0.3' })
  const [socket] = (await connected) as [Socket]
  assert.equal(socket.remoteAddress, '127.0.0.2')
})

it('shares no connection between local addresses', async (context) => {
  const { port } = await serveHttp(context, (request, response) => {
    response.end(request.socket.remoteAddress)
  })
  const agent = forTest(context, new HttpAgent())
  const bodies: string[] = []
  for (const localAddress of ['127.0.0.2', '127.0.0.3', '127.0.0.2']) {
    bodies.push((await exchange({ agent, port, localAddress })).body)
  }
  assert.deepEqual(bodies, ['127.0.0.2', '127.0.0.3', '127.0.0.2'])
  assert.equal(agent.stats().dials, 2)
})

it('connects to unix sockets, and reuses those connections', async (context) => {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-'))
  context.after(() => rm(folder, { recursive: true }))
  const paths = [join(folder, 'a'), join(folder, 'b')]
  for (const path of paths) {
    const server = http.createServer((_request, response) => response.end(path))
    await listen(context, server, path)
  }
  const agent = forTest(context, new HttpAgent())
  for (const socketPath of [...paths, ...paths]) {
    assert.equal((await exchange({ agent, socketPath, path: '/' })).body, socketPath)
  }
  assert.equal(agent.stats().dials, 2)
  assert.equal(agent.stats().reuses, 2)
})

it('asks the lookup function of a request for the address', async (context) => {
  const { port } = await serveHttp(context)
  const names: string[] = []
  const lookup: net.LookupFunction = (name, options, callback) => {
    names.push(name)
    if (options.all) callback(null, [{ address: '127.0.0.1', family: 4 }])
    else callback(null, '127.0.0.1', 4)
  }
  const agent = forTest(context, new HttpAgent())
  for (let count = 0; count < 2; count++) {
    await exchange({ agent, port, host: 'upstream.holdfast.test', lookup })
  }
  assert.deepEqual(names, ['upstream.holdfast.test'])
})

it('passes on that the lookup of a name failed', async (context) => {
  const agent = forTest(context, new HttpAgent())
  const lookup: net.LookupFunction = (_name, _options, callback) => {
    callback(Object.assign(new Error('unknown'), { code: 'ENOTFOUND' }), '', 4)
  }
  const { done, closed } = start({ agent, port: 80, host: 'upstream.holdfast.test', lookup })
  await assert.rejects(done, { code: 'ENOTFOUND' })
  await closed
  assert.equal(agent.totalSocketCount, 0)
})

it('uses a connection again after HEAD', async (context) => {
  const { port, connectionCount } = await serveHttp(context, (_request, response) => {
    response.setHeader('Content-Length', 2)
    response.end()
  })
  const agent = forTest(context, new HttpAgent())
  for (let count = 0; count < 3; count++) await exchange({ agent, port, method: 'HEAD' })
  assert.equal(connectionCount(), 1)
})
