/* What undici's own dispatchers do, and its own tests ask of them. */
import assert from 'node:assert/strict'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import { Readable } from 'node:stream'
import { describe, it, type TestContext } from 'node:test'
import { KeepAliveDispatcher, type KeepAliveDispatcherOptions } from '@holdfast/http-agent/undici'
import type { Dispatcher } from 'undici'
import { serveHttp, serveOnDemand } from './loopback.ts'
import { failingSecond, serveRaw } from './raw-server.ts'
import { recordBy } from './recording-handler.ts'
import { turnUntil } from './turn.ts'
import { UNDICI_VERSIONS, type Undici } from './undici-versions.ts'

const create = (
  context: TestContext,
  undici: Undici,
  options?: KeepAliveDispatcherOptions,
): KeepAliveDispatcher => {
  const dispatcher = new KeepAliveDispatcher({ undici, ...options })
  context.after(() => dispatcher.destroy())
  return dispatcher
}

type Options = Dispatcher.DispatchOptions
/** Options that their caller changes. */
type Mutable = { -readonly [Key in keyof Options]: Options[Key] }

const send = (dispatcher: Dispatcher, options: Options): ReturnType<typeof recordBy> => {
  const recorder = recordBy('a controller')
  dispatcher.dispatch(options, recorder.handler)
  return recorder
}

type Scenario = (context: TestContext, undici: Undici) => Promise<void>

const SCENARIOS: Readonly<Record<string, Scenario>> = {
  'is asked, warmed, drained, closed and destroyed through what compose makes of it': async (
    context,
    undici,
  ) => {
    const { port } = await serveHttp(context)
    const origin = `http://127.0.0.1:${port}`
    const base = create(context, undici)
    const { interceptors } = undici
    const composed = base
      .compose(interceptors.retry())
      .compose(interceptors.redirect()) as unknown as KeepAliveDispatcher
    await composed.warm(origin, 1)
    const { body } = await composed.request({ origin, path: '/', method: 'GET' })
    assert.equal(await body.text(), 'ok')
    assert.equal(composed.stats().leases, 1)
    assert.equal(composed.inspect().length, 1)
    assert.equal((await composed.drain()).outcome, 'completed')
    assert.deepEqual([base.closed, composed.closed], [true, true])
    await composed.close()
    assert.deepEqual([base.destroyed, composed.destroyed], [true, true])
    await composed.destroy()
    const other = create(context, undici)
    await (other.compose(interceptors.retry()) as unknown as KeepAliveDispatcher)[
      Symbol.asyncDispose
    ]()
    assert.equal(other.destroyed, true)
  },

  'sends what was asked for as it was when it was asked for': async (context, undici) => {
    const server = await serveOnDemand(context)
    const dispatcher = create(context, undici, { connections: 1 })
    const headers: Record<string, string> = { 'x-number': '1' }
    const options: Mutable = {
      origin: `http://127.0.0.1:${server.port}`,
      path: '/1',
      method: 'GET',
      headers,
    }
    // The first one waits for its dial, the second one for the first.
    const first = send(dispatcher, options)
    options.path = '/2'
    headers['x-number'] = '2'
    const second = send(dispatcher, options)
    options.path = '/3'
    options.method = 'DELETE'
    headers['x-number'] = '3'
    const seen: unknown[] = []
    for (let count = 0; count < 2; count++) {
      const { request, response } = await server.next()
      seen.push([request.method, request.url, request.headers['x-number']])
      response.end()
    }
    await Promise.all([first.done, second.done])
    assert.deepEqual(seen, [
      ['GET', '/1', '1'],
      ['GET', '/2', '2'],
    ])
  },

  'sends again what was asked for as it was when it was asked for': async (context, undici) => {
    const headers = new Map([['x-number', '1']])
    const options: Mutable = { path: '/1', method: 'GET', headers }
    const { port, arrivals } = await serveRaw(
      context,
      false,
      failingSecond(({ transport }) => {
        options.path = '/2'
        options.method = 'DELETE'
        headers.set('x-number', '2')
        transport.destroy()
      }),
    )
    const dispatcher = create(context, undici)
    options.origin = `http://127.0.0.1:${port}`
    await send(dispatcher, options).done
    const { heard, done } = send(dispatcher, options)
    await done
    assert.equal(heard.at(-1)?.[0], 'end')
    const { text = '' } = arrivals.at(-1) ?? {}
    assert.match(text, /^GET \/1 HTTP\/1.1\r\n[\s\S]*x-number: 1\r\n/u)
  },

  'sends headers again that can be read only once': async (context, undici) => {
    const { port, arrivals } = await serveRaw(
      context,
      false,
      failingSecond(({ transport }) => transport.destroy()),
    )
    const dispatcher = create(context, undici)
    const origin = `http://127.0.0.1:${port}`
    await send(dispatcher, { origin, path: '/', method: 'GET' }).done
    const headers = new Map([['x-number', '1']]).entries()
    await send(dispatcher, { origin, path: '/', method: 'GET', headers } as Options).done
    assert.deepEqual(
      arrivals.map(({ text }) => text.includes('x-number: 1\r\n')),
      [false, true, true],
    )
  },

  'says what is malformed of a request at once, where it would have to wait': async (
    context,
    undici,
  ) => {
    const server = await serveHttp(context)
    server.server.close()
    const dispatcher = create(context, undici)
    const created: unknown[] = []
    const onCreate = (message: unknown): unknown => created.push(message)
    subscribe('undici:request:create', onCreate)
    context.after(() => unsubscribe('undici:request:create', onCreate))
    const wrong: Readonly<Record<string, Partial<Options>>> = {
      'invalid a header': { headers: { a: 'b\r\nc: d' } },
      'invalid reset': { reset: 'yes' } as never,
      'invalid request method': { method: 'GE T' as never },
      'invalid request path': { path: '/a b' },
      'headers array must be even': { headers: ['a'] },
    }
    const origin = `http://127.0.0.1:${server.port}`
    for (const [message, options] of Object.entries(wrong)) {
      const { heard } = send(dispatcher, { origin, path: '/', method: 'GET', ...options })
      assert.deepEqual(heard, [['error', message]])
    }
    assert.deepEqual(created, [])
    const body = Readable.from(['a'])
    const { heard, done } = send(dispatcher, { origin, path: '/', method: 'POST', body })
    assert.deepEqual(heard, [['start']])
    await done
    assert.match(String(heard.at(-1)?.[1]), /ECONNREFUSED/u)
    assert.equal(dispatcher.stats().waiting, 0)
  },

  'takes no header from an iterator that all objects have': async (context, undici) => {
    const { port, server } = await serveHttp(context)
    const dispatcher = create(context, undici)
    const seen: unknown[] = []
    server.on('request', ({ headers }) => seen.push(headers['x-number']))
    Object.defineProperty(Object.prototype, Symbol.iterator, {
      configurable: true,
      value: function* poison() {
        yield ['x-number', 'poison']
      },
    })
    try {
      const headers = { 'x-number': '1' }
      const origin = `http://127.0.0.1:${port}`
      await send(dispatcher, { origin, path: '/', method: 'GET', headers }).done
    } finally {
      Reflect.deleteProperty(Object.prototype, Symbol.iterator)
    }
    assert.deepEqual(seen, ['1'])
  },

  'may be destroyed by whoever hears that it has connected': async (context, undici) => {
    const { port, connections } = await serveHttp(context)
    const dispatcher = create(context, undici)
    dispatcher.once('connect', () => {
      dispatcher.destroy().catch(() => undefined)
    })
    const { heard, done } = send(dispatcher, {
      origin: `http://127.0.0.1:${port}`,
      path: '/',
      method: 'GET',
    })
    await done
    assert.deepEqual(heard, [['start'], ['error', 'The client is destroyed']])
    await dispatcher.destroy()
    const { leased, idle, connecting, closing } = dispatcher.stats()
    assert.deepEqual([leased, idle, connecting, closing], [0, 0, 0, 0])
    await turnUntil(() => connections.size === 0)
  },

  'refuses a callback that is none, and goes on': async (context, undici) => {
    const { port } = await serveHttp(context)
    const dispatcher = create(context, undici)
    const invalid = { code: 'UND_ERR_INVALID_ARG' }
    assert.throws(() => dispatcher.close({} as never), invalid)
    assert.throws(() => dispatcher.destroy(null, {} as never), invalid)
    const origin = `http://127.0.0.1:${port}`
    const { body } = await dispatcher.request({ origin, path: '/', method: 'GET' })
    assert.equal(await body.text(), 'ok')
  },

  'tells why it has closed a connection': async (context, undici) => {
    const { port } = await serveHttp(context)
    const dispatcher = create(context, undici, { policy: { idleTimeoutMs: 10 } })
    const disconnected = once(dispatcher, 'disconnect')
    await send(dispatcher, { origin: `http://127.0.0.1:${port}`, path: '/', method: 'GET' }).done
    const [origin, targets, error] = await disconnected
    assert.equal(String(origin), `http://127.0.0.1:${port}/`)
    assert.deepEqual(targets, [dispatcher])
    assert.equal(error.code, 'UND_ERR_INFO')
    assert.equal(error.message, 'idle_timeout')
  },

  'takes no handler that could not hear how its request ends': async (context, undici) => {
    const { port } = await serveHttp(context)
    const dispatcher = create(context, undici)
    const errors: unknown[] = []
    const handler = {
      onConnect: () => undefined,
      onHeaders: () => true,
      onError: (error: Error) => errors.push(error.message),
    }
    const options: Options = { origin: `http://127.0.0.1:${port}`, path: '/', method: 'GET' }
    dispatcher.dispatch(options, handler as never)
    assert.deepEqual(errors, ['invalid onData method'])
    assert.equal(dispatcher.stats().dials, 0)
  },
}

for (const { name, undici } of UNDICI_VERSIONS) {
  describe(`a dispatcher on ${name}`, () => {
    for (const [what, run] of Object.entries(SCENARIOS)) {
      it(what, (context) => run(context as TestContext, undici))
    }
  })
}

it('takes no half a handler where undici 8 is asked, as it does not', async (context) => {
  for (const { name, undici } of UNDICI_VERSIONS) {
    const { port } = await serveHttp(context as TestContext)
    const dispatcher = create(context as TestContext, undici)
    const { handler, heard, done } = recordBy('a controller')
    const { onResponseStart: _left, ...half } = handler
    const options: Options = { origin: `http://127.0.0.1:${port}`, path: '/', method: 'GET' }
    dispatcher.dispatch(options, half)
    await done
    const isRefused = name === 'undici 8'
    assert.deepEqual(
      heard.at(-1)?.[isRefused ? 1 : 0],
      isRefused ? 'invalid onResponseStart method' : 'end',
    )
  }
})
