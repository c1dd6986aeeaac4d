import assert from 'node:assert/strict'
import { once } from 'node:events'
import http, { type ClientRequest } from 'node:http'
import net, { type Socket } from 'node:net'
import process from 'node:process'
import { it, type TestContext } from 'node:test'
import { listen, serveHttp } from './loopback.ts'
import type { NodeRequest, NodeSocket } from './node-members.ts'
import { turn } from './turn.ts'

/** An agent that leaves it to the test what becomes of a request. */
class BareAgent extends http.Agent {
  readonly #onRequest: (request: NodeRequest) => void

  constructor(onRequest: (request: NodeRequest) => void = () => undefined) {
    super({ keepAlive: true })
    this.#onRequest = onRequest
  }

  addRequest(request: NodeRequest): void {
    this.#onRequest(request)
  }
}

const connect = async (context: TestContext, port: number): Promise<NodeSocket> => {
  const socket = net.connect(port, '127.0.0.1')
  context.after(() => socket.destroy())
  await once(socket, 'connect')
  return socket as NodeSocket
}

/** A connected socket, and the bytes that its peer has received when it receives an empty line. */
const connectToListener = async (
  context: TestContext,
  answer?: string,
): Promise<{ readonly socket: NodeSocket; readonly head: Promise<string> }> => {
  const { server, port } = await listen(context, net.createServer())
  const head = new Promise<string>((resolve) => {
    server.on('connection', (peer: Socket) => {
      let received = ''
      peer.on('data', (bytes) => {
        received += bytes.toString()
        if (!received.includes('\r\n\r\n')) return
        if (answer !== undefined) peer.write(answer)
        resolve(received)
      })
    })
  })
  return { socket: await connect(context, port), head }
}

const WITHOUT_HEADERS: http.RequestOptions = {}
const WITH_OBJECT_HEADERS: http.RequestOptions = { headers: { 'x-test': '1', host: 'a' } }
const UNSENT: Readonly<Record<string, http.RequestOptions>> = {
  'a GET without headers': WITHOUT_HEADERS,
  'a GET with an object of headers': WITH_OBJECT_HEADERS,
  'a POST without headers': { ...WITHOUT_HEADERS, method: 'POST' },
  'a POST with an object of headers': { ...WITH_OBJECT_HEADERS, method: 'POST' },
}

for (const [name, options] of Object.entries(UNSENT)) {
  it(`has not serialised its head inside addRequest: ${name}`, () => {
    let header: unknown
    http.request({
      ...options,
      agent: new BareAgent((request) => {
        header = request._header
      }),
    })
    assert.equal(header, null)
  })

  it(`sends Connection: close if shouldKeepAlive is false inside addRequest: ${name}`, async (context) => {
    const { socket, head } = await connectToListener(context)
    const agent = new BareAgent((outgoing) => {
      assert.equal(outgoing.shouldKeepAlive, true)
      outgoing.shouldKeepAlive = false
      outgoing.onSocket(socket)
    })
    const request = http.request({ ...options, agent })
    request.on('error', () => undefined)
    request.end()
    assert.match(await head, /^Connection: close\r$/mu)
  })
}

it('sends Connection: keep-alive if shouldKeepAlive is left alone', async (context) => {
  const { socket, head } = await connectToListener(context)
  const request = http.get({ agent: new BareAgent((outgoing) => outgoing.onSocket(socket)) })
  request.on('error', () => undefined)
  assert.match(await head, /^Connection: keep-alive\r$/mu)
})

it('has serialised its head inside addRequest where headers are an array', () => {
  let header: unknown
  const agent = new BareAgent((request) => {
    header = request._header
  })
  http.request({ agent, headers: ['host', 'a'] as unknown as http.OutgoingHttpHeaders })
  assert.equal(typeof header, 'string')
})

const eventsOf = async (request: ClientRequest): Promise<unknown[]> => {
  const events: unknown[] = []
  request.on('error', (error) => events.push(error))
  await new Promise<void>((resolve) => {
    request.on('close', resolve)
  })
  return [...events, 'close']
}

it('emits the error that onSocket brings instead of a socket, and then close', async () => {
  const error = new Error('no socket')
  const request = http.get({ agent: new BareAgent((outgoing) => outgoing.onSocket(null, error)) })
  assert.deepEqual(await eventsOf(request), [error, 'close'])
})

it('keeps silent about its destruction until onSocket is called without a socket', async () => {
  const request = http.get({ agent: new BareAgent() }) as NodeRequest
  const error = new Error('given up')
  let isSettled = false
  const settled = eventsOf(request).then((events) => {
    isSettled = true
    return events
  })
  request.destroy(error)
  await turn()
  assert.equal(isSettled, false)
  request.onSocket(null)
  assert.deepEqual(await settled, [error, 'close'])
})

it('says on its socket which request uses it, from the socket event to the free event', async (context) => {
  const { port } = await serveHttp(context)
  const socket = await connect(context, port)
  const request = http.get({ agent: new BareAgent((outgoing) => outgoing.onSocket(socket)) })
  await once(request, 'socket')
  assert.equal(socket._httpMessage, request)
  const [response] = (await once(request, 'response')) as [http.IncomingMessage]
  assert.equal((request as NodeRequest).res, response)
  response.resume()
  await once(socket, 'free')
  assert.equal(socket._httpMessage, request)
  assert.equal(response.complete, true)
})

it('emits free on its socket when the response has ended, in a state that allows reuse', async (context) => {
  const { port } = await serveHttp(context)
  const socket = await connect(context, port)
  for (let count = 0; count < 3; count++) {
    const request = http.get({ agent: new BareAgent((outgoing) => outgoing.onSocket(socket)) })
    const freed = once(socket, 'free')
    const [response] = (await once(request, 'response')) as [http.IncomingMessage]
    response.resume()
    await freed
    assert.equal(socket.writable, true)
    assert.equal(socket.listenerCount('error'), 0)
  }
})

it('emits free on its socket where it was destroyed before the socket came', async (context) => {
  const { port } = await serveHttp(context)
  const socket = await connect(context, port)
  const request = http.get({ agent: new BareAgent((outgoing) => outgoing.onSocket(socket)) })
  request.on('error', () => undefined)
  const freed = once(socket, 'free')
  request.destroy()
  await freed
  assert.equal(socket.destroyed, false)
})

it('emits agentRemove on its socket for an upgrade', async (context) => {
  const { socket } = await connectToListener(
    context,
    'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: test\r\n\r\n',
  )
  const request = http.get({
    agent: new BareAgent((outgoing) => outgoing.onSocket(socket)),
    headers: { Connection: 'Upgrade', Upgrade: 'test' },
  })
  const removed = once(socket, 'agentRemove')
  await Promise.all([removed, once(request, 'upgrade')])
})

it('emits agentRemove on its socket for a CONNECT', async (context) => {
  const { socket } = await connectToListener(context, 'HTTP/1.1 200 OK\r\n\r\n')
  const request = http.request({
    agent: new BareAgent((outgoing) => outgoing.onSocket(socket)),
    method: 'CONNECT',
    path: 'upstream:80',
  })
  request.end()
  const removed = once(socket, 'agentRemove')
  await Promise.all([removed, once(request, 'connect')])
})

const GIVING_UP: Readonly<Record<string, (options: http.RequestOptions) => () => void>> = {
  'abort()': (options) => {
    const request = http.get(options)
    return () => request.abort()
  },
  'destroy()': (options) => {
    const request = http.get(options)
    return () => request.destroy()
  },
  'an AbortSignal': (options) => {
    const controller = new AbortController()
    http.get({ ...options, signal: controller.signal })
    return () => controller.abort()
  },
}

for (const [name, begin] of Object.entries(GIVING_UP)) {
  it(`is given up by way of its own destroy: ${name}`, async () => {
    let destroyCount = 0
    const giveUp = begin({
      agent: new BareAgent((request) => {
        request.destroy = () => {
          destroyCount++
          return request
        }
      }),
    })
    giveUp()
    await new Promise((resolve) => {
      process.nextTick(resolve)
    })
    assert.equal(destroyCount, 1)
  })
}

it('has its timeout option at hand inside addRequest', () => {
  const timeouts: unknown[] = []
  const agent = new BareAgent((request) => timeouts.push(request.timeout))
  http.request({ agent, timeout: 1234 })
  http.request({ agent })
  assert.deepEqual(timeouts, [1234, undefined])
})

it('keeps what it writes before it has a socket, the head in front', () => {
  let request: NodeRequest | undefined
  const outgoing = http.request({
    method: 'POST',
    agent: new BareAgent((added) => {
      request = added
    }),
  })
  outgoing.end('body')
  assert.ok(request)
  const head = request._header as string
  assert.match(head, /^POST /u)
  assert.ok(head.endsWith('\r\n\r\n'))
  assert.ok(head.includes('\r\nConnection: keep-alive\r\n'))
  assert.equal(request._headerSent, true)
  assert.equal(request.outputData.map(({ data }) => data).join(''), `${head}body`)
  assert.equal(request.outputSize, head.length + 'body'.length)
})

it('has a head that is not sent where it was only flushed to be made', () => {
  const request = http.request({
    agent: new BareAgent(),
    headers: ['host', 'a'] as unknown as http.OutgoingHttpHeaders,
  }) as NodeRequest
  assert.equal(request._headerSent, false)
  assert.deepEqual(request.outputData, [])
})

it('listens to its socket by functions of known names', async (context) => {
  const { port } = await serveHttp(context)
  const socket = await connect(context, port)
  const request = http.get({ agent: new BareAgent((outgoing) => outgoing.onSocket(socket)) })
  const names: Record<string, string[]> = {}
  request.on('response', (response) => {
    for (const event of ['close', 'error', 'data', 'end', 'drain']) {
      names[event] = socket.listeners(event).map(({ name }) => name)
    }
    names['finish'] = request.listeners('finish').map(({ name }) => name)
    response.resume()
  })
  await new Promise((resolve) => {
    socket.on('free', resolve)
  })
  assert.deepEqual(names, {
    close: ['socketCloseListener'],
    error: ['socketErrorListener'],
    data: ['socketOnData'],
    end: ['onReadableStreamEnd', 'socketOnEnd'],
    drain: ['ondrain'],
    finish: ['requestOnFinish'],
  })
})

it('calls destroySoon on its socket when a response has ended that does not allow reuse', async (context) => {
  const { port } = await serveHttp(context, (_request, response) => {
    response.setHeader('Connection', 'close')
    response.end('ok')
  })
  const socket = await connect(context, port)
  const request = http.get({ agent: new BareAgent((outgoing) => outgoing.onSocket(socket)) })
  const isComplete = await new Promise((resolve) => {
    const { destroySoon } = socket
    socket.destroySoon = () => {
      resolve((request as NodeRequest).res?.complete)
      destroySoon.call(socket)
    }
    request.on('response', (response) => response.resume())
  })
  assert.equal(isComplete, true)
  assert.equal((request as NodeRequest).shouldKeepAlive, false)
})

it('says by useChunkedEncodingByDefault whether its method usually has a body', () => {
  const usuallyHasBody = (method: string): boolean =>
    (http.request({ method, agent: new BareAgent() }) as NodeRequest).useChunkedEncodingByDefault
  const without = ['GET', 'HEAD', 'DELETE', 'OPTIONS', 'TRACE', 'CONNECT']
  assert.deepEqual(without.filter(usuallyHasBody), [])
  const others = ['POST', 'PUT', 'PATCH', 'QUERY', 'PROPFIND'].filter((method) =>
    http.METHODS.includes(method),
  )
  assert.deepEqual(others.filter(usuallyHasBody), others)
})

it('is over for whoever asks once destroyed and _closed are set', () => {
  const request = http.request({ agent: new BareAgent() })
  assert.deepEqual([request.destroyed, request.closed], [false, false])
  Object.assign(request, { destroyed: true, _closed: true })
  assert.deepEqual([request.destroyed, request.closed], [true, true])
})
