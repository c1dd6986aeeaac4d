import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { describe, it, type TestContext } from 'node:test'
import { KeepAliveDispatcher, type KeepAliveDispatcherOptions } from '@holdfast/http-agent/undici'
import { listen, serveHttp, serveOnDemand } from './loopback.ts'
import { type Recorder, recordBy } from './recording-handler.ts'
import { turn, turnUntil } from './turn.ts'
import { UNDICI_VERSIONS, type Undici } from './undici-versions.ts'

type Send = (port: number, method?: 'GET' | 'POST') => Recorder & { readonly accepted: boolean }

const stage = (
  context: TestContext,
  undici: Undici,
  options?: KeepAliveDispatcherOptions,
): { readonly dispatcher: KeepAliveDispatcher; readonly send: Send } => {
  const dispatcher = new KeepAliveDispatcher({ undici, ...options })
  context.after(() => dispatcher.destroy())
  const send: Send = (port, method = 'GET') => {
    const recorder = recordBy('a controller')
    const origin = `http://127.0.0.1:${port}`
    const accepted = dispatcher.dispatch({ origin, path: '/', method }, recorder.handler)
    return { ...recorder, accepted }
  }
  return { dispatcher, send }
}

const lastOf = ({ heard }: Recorder): unknown => heard.at(-1)?.[0]

/** Answers the first request of each connection, with more than was asked for. */
const servePoison = (
  context: TestContext,
  poison: string,
  turns: number,
): ReturnType<typeof listen> => {
  const answer = async (socket: Socket): Promise<void> => {
    const ok = 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngood'
    if (turns === 0) {
      socket.write(ok + poison)
      return
    }
    socket.write(ok)
    for (let left = turns; left > 0; left--) await turn()
    socket.write(poison)
  }
  return listen(
    context,
    createServer((socket) => socket.once('data', () => answer(socket))),
  )
}

const EVIL = 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil'

/** Asks a server that sends a second response some turns of the loop after each. */
const meetPoison = async (context: TestContext, undici: Undici, turns: number): Promise<void> => {
  const { port } = await servePoison(context, EVIL, turns)
  const { dispatcher, send } = stage(context, undici)
  for (let count = 0; count < 10; count++) {
    const { heard, done } = send(port, 'POST')
    await done
    const texts = heard.filter(([what]) => what === 'data').map(([, text]) => text)
    assert.deepEqual(texts, ['good'])
    // What comes after the next request is sent is a response to that, as far as anybody can tell.
    if (turns > 0) await turnUntil(() => dispatcher.inspect().length === 0)
  }
  assert.ok(dispatcher.stats().dials === 10)
}

type Scenario = (context: TestContext, undici: Undici) => Promise<void>

const SCENARIOS: Readonly<Record<string, Scenario>> = {
  'returns false at the cap, and emits drain once nobody waits': async (context, undici) => {
    const server = await serveOnDemand(context)
    const { dispatcher, send } = stage(context, undici, { connections: 1 })
    const drained = once(dispatcher, 'drain')
    const first = send(server.port)
    const second = send(server.port)
    assert.deepEqual([first.accepted, second.accepted], [true, false])
    for (let count = 0; count < 2; count++) (await server.next()).response.end()
    const [origin] = await drained
    assert.equal((origin as URL).origin, `http://127.0.0.1:${server.port}`)
    await Promise.all([first.done, second.done])
    assert.equal(send(server.port).accepted, true)
  },

  'emits connect, disconnect and connectionError': async (context, undici) => {
    const server = await serveHttp(context)
    const { dispatcher, send } = stage(context, undici)
    const connected = once(dispatcher, 'connect')
    const disconnected = once(dispatcher, 'disconnect')
    await send(server.port).done
    await connected
    for (const socket of server.connections) socket.destroy()
    await disconnected
    server.server.close()
    await once(server.server, 'close')
    const failed = once(dispatcher, 'connectionError')
    await send(server.port).done
    assert.equal(((await failed)[2] as NodeJS.ErrnoException).code, 'ECONNREFUSED')
  },

  'closes after what there is has been served': async (context, undici) => {
    const server = await serveOnDemand(context)
    const { dispatcher, send } = stage(context, undici, { connections: 1 })
    const asked = [send(server.port), send(server.port)]
    const arrival = await server.next()
    const closed = dispatcher.close()
    assert.equal(dispatcher.closed, true)
    const late = send(server.port)
    assert.deepEqual([late.accepted, lastOf(late)], [false, 'error'])
    arrival.response.end()
    ;(await server.next()).response.end()
    await closed
    assert.deepEqual(asked.map(lastOf), ['end', 'end'])
    assert.equal(dispatcher.destroyed, true)
    await assert.rejects(dispatcher.close(), { code: 'UND_ERR_DESTROYED' })
  },

  'destroys what there is, by promise and by callback': async (context, undici) => {
    const server = await serveOnDemand(context)
    const { dispatcher, send } = stage(context, undici, { connections: 1 })
    const asked = [send(server.port), send(server.port)]
    await server.next()
    const called = new Promise<void>((resolve) => dispatcher.destroy(new Error('gone'), resolve))
    await Promise.all([...asked.map(({ done }) => done), called, dispatcher.destroy()])
    assert.deepEqual(
      asked.map(({ heard }) => heard.at(-1)),
      [
        ['error', 'gone'],
        ['error', 'gone'],
      ],
    )
    const { leased, idle, connecting, closing } = dispatcher.stats()
    assert.equal(leased + idle + connecting + closing, 0)
    await new Promise<void>((resolve) => dispatcher.close(resolve))
  },

  'is disposed of': async (context, undici) => {
    const { port } = await serveHttp(context)
    const { dispatcher, send } = stage(context, undici)
    await send(port).done
    await dispatcher[Symbol.asyncDispose]()
    assert.equal(dispatcher.destroyed, true)
  },

  'sends no request within another one': async (context, undici) => {
    const received: string[] = []
    const { port } = await serveHttp(context, (request, response) => {
      received.push(`${request.method} ${request.url}`)
      response.end()
    })
    const { dispatcher } = stage(context, undici)
    const smuggled = 'GET /evil HTTP/1.1\r\nHost: a\r\n\r\n'
    for (const options of [
      { path: `/ HTTP/1.1\r\nHost: a\r\n\r\n${smuggled}` },
      { headers: { a: `b\r\n\r\n${smuggled}` } },
      { headers: ['content-length', '0', 'content-length', '5'] },
      { method: `GET / HTTP/1.1\r\n\r\n${smuggled}` },
      { upgrade: `x\r\n\r\n${smuggled}` },
      { method: 'POST', body: smuggled, headers: { 'content-length': '1' } },
    ]) {
      const { handler, heard, done } = recordBy('a controller')
      const request = { origin: `http://127.0.0.1:${port}`, path: '/', method: 'GET', ...options }
      dispatcher.dispatch(request as never, handler)
      await done
      assert.equal(heard.at(-1)?.[0], 'error')
    }
    assert.deepEqual(received, [])
  },

  'loses no safe request to closes in flight, and repeats no other': async (context, undici) => {
    const seen = new Map<string, number>()
    let peer: Socket | undefined
    const { port } = await serveHttp(context, (request, response) => {
      request.resume()
      const id = String(request.headers['x-id'])
      seen.set(id, (seen.get(id) ?? 0) + 1)
      peer = request.socket
      request.on('end', () => response.end('ok'))
    })
    // Only once the response is read: a reset would take it away from a client that is late.
    const closeSoon = async (count: number): Promise<void> => {
      const closing = peer
      for (let left = count % 5; left > 0; left--) await turn()
      if (count % 5 > 2) closing?.resetAndDestroy()
      else closing?.destroy()
    }
    const { dispatcher } = stage(context, undici)
    const failed: string[] = []
    for (let count = 0; count < 300; count++) {
      const method = count % 3 === 0 ? 'POST' : 'GET'
      const id = `${method[0]}${count}`
      const { handler, heard, done } = recordBy('a controller')
      const origin = `http://127.0.0.1:${port}`
      const body = method === 'POST' ? 'x' : null
      dispatcher.dispatch({ origin, path: '/', method, body, headers: { 'x-id': id } }, handler)
      await done
      if (heard.at(-1)?.[0] === 'error') failed.push(id)
      closeSoon(count).catch(assert.fail)
      for (let left = count % 4; left > 0; left--) await turn()
    }
    assert.deepEqual(
      failed.filter((id) => id.startsWith('G')),
      [],
    )
    const twice = [...seen].filter(([id, times]) => id.startsWith('P') && times > 1)
    assert.deepEqual(twice, [])
  },
}

for (const { name, undici } of UNDICI_VERSIONS) {
  describe(`a dispatcher on ${name}`, () => {
    for (const [what, run] of Object.entries(SCENARIOS)) {
      it(what, (context) => run(context as TestContext, undici))
    }
    for (const turns of [0, 1, 5]) {
      it(`never takes for a response what nobody asked for, ${turns} turns later`, (context) =>
        meetPoison(context as TestContext, undici, turns))
    }
  })
}
