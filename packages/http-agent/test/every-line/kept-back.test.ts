import assert from 'node:assert/strict'
import { AsyncLocalStorage } from 'node:async_hooks'
import { once } from 'node:events'
import http from 'node:http'
import type { Socket } from 'node:net'
import process from 'node:process'
import { describe, it, type TestContext } from 'node:test'
import { HttpAgent, type HttpAgentOptions, requestRecord } from '@holdfast/http-agent'
import { forTest } from './loopback.ts'
import { OK, serveRaw } from './raw-server.ts'
import { type ScriptedServer, startScriptedServer } from './scripted-server.ts'
import { leaveTurn } from './turn.ts'

const ONE_CONNECTION: HttpAgentOptions = {
  maxSockets: 1,
  // How long a connection is idle here is the machine's affair, and nothing to be learned from.
  policy: { learnIdleLimit: false },
}

const scripted = async (context: TestContext): Promise<ScriptedServer> => {
  const server = await startScriptedServer(false)
  context.after(() => server.close())
  return server
}

const ask = (
  agent: http.Agent,
  port: number,
  options: http.RequestOptions = {},
): http.ClientRequest => http.request({ agent, host: '127.0.0.1', port, ...options })

/** Waits for the response, and for its end. */
const answerTo = async (request: http.ClientRequest): Promise<number | undefined> => {
  const [response] = (await once(request, 'response')) as [http.IncomingMessage]
  response.resume()
  await once(request, 'close')
  return response.statusCode
}

/** A POST that waits for the only connection, and gets it right behind the response to a GET. */
const askBehindAnother = (
  agent: http.Agent,
  port: number,
  options: http.RequestOptions = {},
): http.ClientRequest => {
  ask(agent, port)
    .on('response', (response) => response.resume())
    .on('error', () => undefined)
    .end()
  return ask(agent, port, { method: 'POST', ...options })
}

/** Does something in the tick in which the request gets its socket, before it can have written. */
const onFirstSocket = (request: http.ClientRequest, act: (socket: Socket) => void): void => {
  request.once('socket', act)
}

describe('a request that must not be lost, and gets a connection right behind a response', () => {
  for (const ending of ['fin', 'reset'] as const) {
    it(`goes to another one where that ends before the loop has turned: ${ending}`, async (context) => {
      const server = await scripted(context)
      const agent = forTest(context, new HttpAgent(ONE_CONNECTION))
      const request = askBehindAnother(agent, server.port)
      onFirstSocket(request, () => server.blockUntil(ending, 0))
      request.end('body')
      assert.equal(await answerTo(request), 200)
      assert.equal(agent.stats().dials, 2)
      const record = requestRecord(request)
      assert.deepEqual([record?.replayed, record?.moveCount], [false, 1])
    })
  }

  it('does not take for its own what the peer sends before it is asked', async (context) => {
    const server = await scripted(context)
    const agent = forTest(context, new HttpAgent(ONE_CONNECTION))
    const untilPlanted = server.plant()
    const request = askBehindAnother(agent, server.port)
    onFirstSocket(request, untilPlanted)
    request.end('body')
    const [response] = (await once(request, 'response')) as [http.IncomingMessage]
    let text = ''
    for await (const bytes of response) text += bytes
    assert.equal(text, 'ok')
    assert.equal(agent.stats().dials, 2)
  })

  it('takes a long body along that it has written in parts', async (context) => {
    const server = await scripted(context)
    const agent = forTest(context, new HttpAgent(ONE_CONNECTION))
    const part = Buffer.alloc(100_000)
    const headers = { 'content-length': 3 * part.length }
    const request = askBehindAnother(agent, server.port, { headers })
    const reports: unknown[] = []
    onFirstSocket(request, () => {
      for (let index = 0; index < 3; index++) request.write(part, (error) => reports.push(error))
      request.end(() => reports.push('end'))
      process.nextTick(() => server.blockUntil('fin', 0))
    })
    assert.equal(await answerTo(request), 200)
    assert.equal(agent.stats().dials, 2)
    assert.equal(reports.length, 4)
    assert.deepEqual(
      reports.filter((report) => report instanceof Error),
      [],
    )
  })
})

describe('what such a request writes', () => {
  it('is sent where nothing speaks against it, and reported in the async context of the request', async (context) => {
    const server = await scripted(context)
    const agent = forTest(context, new HttpAgent(ONE_CONNECTION))
    const storage = new AsyncLocalStorage<string>()
    const seen: Record<string, string | undefined> = {}
    const first = storage.run('first', () => ask(agent, server.port).end())
    const request = storage.run('it', () => ask(agent, server.port, { method: 'POST' }))
    for (const event of ['socket', 'finish', 'response']) {
      request.once(event, () => {
        seen[event] = storage.getStore()
      })
    }
    request.end('body', () => {
      seen['end callback'] = storage.getStore()
    })
    await Promise.all([answerTo(first), answerTo(request)])
    assert.equal(agent.stats().dials, 1)
    const own = { socket: 'it', finish: 'it', 'end callback': 'it', response: 'it' }
    assert.deepEqual(seen, own)
  })

  it('is not sent where the request is given up at once', async (context) => {
    const server = await serveRaw(context, false, ({ socket }) => socket.write(OK))
    const agent = forTest(context, new HttpAgent(ONE_CONNECTION))
    const request = askBehindAnother(agent, server.port)
    onFirstSocket(request, () => process.nextTick(() => request.destroy(new Error('given up'))))
    request.end('body')
    const [error] = (await once(request, 'error')) as [Error]
    assert.equal(error.message, 'given up')
    assert.equal(await answerTo(ask(agent, server.port).end()), 200)
    assert.deepEqual(
      server.arrivals.map(({ connection, text }) => `${connection} ${text.slice(0, 4)}`),
      ['1 GET ', '2 GET '],
    )
  })

  it('does not keep the connection corked where there is nothing', async (context) => {
    const server = await serveRaw(context, false, ({ socket }) => socket.write(OK))
    const agent = forTest(context, new HttpAgent(ONE_CONNECTION))
    const request = askBehindAnother(agent, server.port)
    agent.once('free', () => request.destroy())
    request.on('error', () => undefined)
    request.end('body')
    await new Promise((resolve) => request.once('close', resolve))
    for (let count = 0; count < 2; count++) {
      assert.equal(await answerTo(ask(agent, server.port).end()), 200)
    }
    assert.equal(server.connectionCount(), 1)
    assert.equal(server.arrivals.length, 3)
  })

  it('is not sent where the agent is destroyed', async (context) => {
    const server = await serveRaw(context, false, ({ socket }) => socket.write(OK))
    const agent = new HttpAgent(ONE_CONNECTION)
    const request = askBehindAnother(agent, server.port)
    onFirstSocket(request, () => process.nextTick(() => agent.destroy()))
    request.end('body')
    const [error] = (await once(request, 'error')) as [NodeJS.ErrnoException]
    assert.equal(error.code, 'ECONNRESET')
    await leaveTurn()
    assert.equal(server.connectionCount(), 1)
    assert.equal(server.arrivals.length, 1)
  })
})

describe('requests that must not be lost', () => {
  const COUNT = 12

  it('are many at once, and none of their connections that ended meanwhile is used', async (context) => {
    const server = await scripted(context)
    const agent = forTest(context, new HttpAgent({ policy: { learnIdleLimit: false } }))
    const atOnce = (method: string): Promise<(number | undefined)[]> => {
      const requests = Array.from({ length: COUNT }, () => ask(agent, server.port, { method }))
      return Promise.all(requests.map((request) => answerTo(request.end())))
    }
    const allOk = new Array<number>(COUNT).fill(200)
    assert.deepEqual(await atOnce('GET'), allOk)
    server.blockUntil('fin', 0)
    // In the turn in which the last connection became idle.
    assert.deepEqual(await atOnce('POST'), allOk)
    assert.equal(agent.stats().dials, 2 * COUNT)
  })

  it('get their socket in the same tick where the check takes turns', async (context) => {
    const server = await scripted(context)
    const agent = forTest(context, new HttpAgent({ policy: { staleCheck: 'fence' } }))
    await answerTo(ask(agent, server.port).end())
    await leaveTurn()
    const order: string[] = []
    const request = ask(agent, server.port, { method: 'POST' })
    request.once('socket', () => order.push('socket'))
    setImmediate(() => order.push('turn'))
    assert.equal(await answerTo(request.end('body')), 200)
    assert.deepEqual(order, ['socket', 'turn'])
    assert.equal(agent.stats().dials, 1)
  })
})
