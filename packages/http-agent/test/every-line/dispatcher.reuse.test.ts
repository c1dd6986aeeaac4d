import assert from 'node:assert/strict'
import { createServer, type Socket } from 'node:net'
import { Readable } from 'node:stream'
import { describe, it, type TestContext } from 'node:test'
import { KeepAliveDispatcher, type KeepAliveDispatcherOptions } from '@holdfast/http-agent/undici'
import type { Dispatcher } from 'undici'
import { fakeClock } from './fake-clock.ts'
import { listen } from './loopback.ts'
import { turn } from './turn.ts'
import { UNDICI_VERSIONS, type Undici } from './undici-versions.ts'

/** As much as a socket is read at a time. */
const READ_BYTES = 65_536
const POISON = 'HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison'

const responseOf = (body: string): string =>
  `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`

/** A response that is as long as one read. */
const FULL_READ = responseOf(
  'x'.repeat(READ_BYTES - responseOf('x'.repeat(60_000)).length + 60_000),
)

/** What a server does behind a response. Each of these is in the kernel when the call returns. */
const DEEDS: Readonly<Record<string, (socket: Socket) => void>> = {
  'a planted response': (socket) => socket.write(POISON),
  'half a response': (socket) => socket.write(POISON.slice(0, -1)),
  'a FIN': (socket) => socket.destroy(),
  'an RST': (socket) => socket.resetAndDestroy(),
}

type Deed = (socket: Socket) => void

interface Upstream {
  readonly port: number
  /** Paths, as they came. */
  readonly paths: string[]
  /** The connection that the first request came on. */
  readonly socket: () => Socket
}

/** Answers each request by its path, but the first one of all as the test wants. */
const serve = async (
  context: TestContext,
  answerFirst: (socket: Socket) => void,
): Promise<Upstream> => {
  const paths: string[] = []
  let first: Socket | undefined
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.on('data', (bytes) => {
      const path = /^[A-Z]+ (\S+)/u.exec(bytes.toString('latin1'))?.[1]
      if (path === undefined) return
      paths.push(path)
      if (first === undefined) {
        first = socket
        answerFirst(socket)
      } else {
        socket.write(responseOf(path))
      }
    })
  })
  const { port } = await listen(context, server)
  return { port, paths, socket: () => first as Socket }
}

/** When the server does it. */
interface Split {
  /** How the first request is answered. */
  readonly answer: (socket: Socket, deed: Deed) => void
  /** What happens once the first response is complete, while its handler is told so. */
  readonly afterEnd?: (socket: Socket, deed: Deed) => void
}

const SPLITS: Readonly<Record<string, Split>> = {
  'right behind the response': {
    answer: (socket, deed) => {
      socket.write(responseOf('first'))
      deed(socket)
    },
  },
  'behind a response that ends with a whole read': {
    answer: (socket, deed) => {
      socket.write(FULL_READ)
      deed(socket)
    },
  },
  'while the handler of the response blocks the loop': {
    answer: (socket) => socket.write(responseOf('first')),
    afterEnd: (socket, deed) => deed(socket),
  },
  'in a microtask after the response': {
    answer: (socket) => socket.write(responseOf('first')),
    afterEnd: (socket, deed) => queueMicrotask(() => deed(socket)),
  },
  'at the end of the turn that read the response': {
    answer: (socket) => socket.write(responseOf('first')),
    afterEnd: (socket, deed) => setImmediate(() => deed(socket)),
  },
}

interface Setting {
  readonly undici: Undici
  readonly dispatcher: KeepAliveDispatcher
  readonly origin: string
}

type Method = 'GET' | 'POST'

const send = (
  { dispatcher, origin }: Setting,
  path: string,
  method: Method,
  onEnd?: () => void,
): Promise<string> =>
  new Promise((resolve, reject) => {
    let body = ''
    const handler: Dispatcher.DispatchHandler = {
      onRequestStart: () => undefined,
      onResponseStart: () => undefined,
      onResponseData: (_controller, chunk) => {
        body += chunk.toString('latin1')
      },
      onResponseEnd: () => {
        onEnd?.()
        resolve(body)
      },
      onResponseError: (_controller, error) => reject(error),
    }
    dispatcher.dispatch({ origin, path, method, body: method === 'POST' ? 'body' : null }, handler)
  })

/** More turns of the loop than a request takes with its dial. */
const MANY_TURNS = 100

const laterOn = (run: () => void, left = MANY_TURNS): void => {
  if (left === 0) run()
  else setImmediate(() => laterOn(run, left - 1))
}

interface Way {
  readonly options: (undici: Undici) => KeepAliveDispatcherOptions
  /** Makes the second request, so that it comes to the connection of the first one. */
  readonly run: (
    setting: Setting,
    method: Method,
    onFirstEnd: () => void,
  ) => Promise<readonly [first: string, second: string]>
}

/** How a second request comes to the connection of the first one. */
const WAYS: Readonly<Record<string, Way>> = {
  'is made before the handler of the response returns': {
    options: () => ({}),
    run: async (setting, method, onFirstEnd) => {
      let second: Promise<string> | undefined
      const first = await send(setting, '/first', 'GET', () => {
        onFirstEnd()
        second = send(setting, '/second', method)
      })
      return [first, await (second as Promise<string>)]
    },
  },
  'is made in a microtask after the response': {
    options: () => ({}),
    run: async (setting, method, onFirstEnd) => {
      const first = await send(setting, '/first', 'GET', onFirstEnd)
      return [first, await send(setting, '/second', method)]
    },
  },
  'is made in the next turn': {
    options: () => ({}),
    run: async (setting, method, onFirstEnd) => {
      const first = await send(setting, '/first', 'GET', onFirstEnd)
      await turn()
      return [first, await send(setting, '/second', method)]
    },
  },
  'waits for want of a place': {
    options: () => ({ connections: 1 }),
    run: (setting, method, onFirstEnd) => {
      const first = send(setting, '/first', 'GET', onFirstEnd)
      return Promise.all([first, send(setting, '/second', method)])
    },
  },
  'waits for a dial of its own': {
    // The second dial is done only when everything else is.
    options: (undici) => {
      const connect = undici.buildConnector({})
      let dials = 0
      const delayed: typeof connect = (options, callback) => {
        if (++dials === 2) laterOn(() => connect(options, callback))
        else connect(options, callback)
      }
      return { connect: delayed }
    },
    run: (setting, method, onFirstEnd) => {
      const first = send(setting, '/first', 'GET', onFirstEnd)
      return Promise.all([first, send(setting, '/second', method)])
    },
  },
}

const POLICIES = { safe: { replay: 'safe' }, never: { replay: 'never' } } as const

const play = async (
  context: TestContext,
  undici: Undici,
  [way, split, deed]: readonly [Way, Split, Deed],
  [method, replay]: readonly [Method, keyof typeof POLICIES],
): Promise<void> => {
  const upstream = await serve(context, (socket) => split.answer(socket, deed))
  const dispatcher = new KeepAliveDispatcher({
    undici,
    policy: POLICIES[replay],
    ...way.options(undici),
  })
  context.after(() => dispatcher.destroy())
  const setting = { undici, dispatcher, origin: `http://127.0.0.1:${upstream.port}` }
  const [, second] = await way.run(setting, method, () => split.afterEnd?.(upstream.socket(), deed))
  assert.equal(second, '/second')
  assert.deepEqual(
    upstream.paths.filter((path) => path === '/second'),
    ['/second'],
  )
}

for (const { name, undici } of UNDICI_VERSIONS) {
  for (const [wayName, way] of Object.entries(WAYS)) {
    describe(`a request that ${wayName}, ${name}`, () => {
      for (const [splitName, split] of Object.entries(SPLITS)) {
        for (const [deedName, deed] of Object.entries(DEEDS)) {
          it(`is not harmed by ${deedName} ${splitName}`, async (context) => {
            // A turn of a busy machine may take so long that a look at the connection is all there is.
            fakeClock(context as TestContext)
            for (const method of ['GET', 'POST'] as const) {
              for (const replay of ['safe', 'never'] as const) {
                await play(context as TestContext, undici, [way, split, deed], [method, replay])
              }
            }
          })
        }
      }
    })
  }
}

/** A body of which something comes, and then nothing. */
const endless = (): Readable => {
  const body = new Readable({ read: () => undefined })
  body.push('x')
  return body
}

/** Requests whose responses bring what they may not, or are not the end of their requests. */
const DOUBTFUL: Readonly<Record<string, readonly [Partial<Dispatcher.DispatchOptions>, string]>> = {
  'a HEAD': [{ method: 'HEAD' }, `HTTP/1.1 200 OK\r\nContent-Length: ${POISON.length}\r\n\r\n`],
  'a 204 with a length': [
    {},
    `HTTP/1.1 204 No Content\r\nContent-Length: ${POISON.length}\r\n\r\n`,
  ],
  'a 204 in chunks': [{}, 'HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n'],
  'a 304 with a length': [
    {},
    `HTTP/1.1 304 Not Modified\r\nContent-Length: ${POISON.length}\r\n\r\n`,
  ],
  'a refused upgrade': [{ upgrade: 'websocket' }, responseOf('first')],
  'a body that goes on': [{ method: 'POST', body: 'stream' }, responseOf('first')],
}

for (const { name, undici } of UNDICI_VERSIONS) {
  describe(`after ${Object.keys(DOUBTFUL).join(', ')}, ${name}`, () => {
    for (const [what, [options, head]] of Object.entries(DOUBTFUL)) {
      it(`no request takes the connection: ${what}`, async (context) => {
        const { port, paths } = await serve(context as TestContext, (socket) => socket.write(head))
        const dispatcher = new KeepAliveDispatcher({ undici, connections: 1 })
        context.after(() => dispatcher.destroy())
        const setting = { undici, dispatcher, origin: `http://127.0.0.1:${port}` }
        const second = await new Promise((resolve) => {
          const next = (): void => resolve(send(setting, '/second', 'GET'))
          const handler: Dispatcher.DispatchHandler = {
            onRequestStart: () => undefined,
            onResponseStart: () => undefined,
            onResponseData: () => undefined,
            onRequestUpgrade: () => undefined,
            onResponseEnd: next,
            onResponseError: next,
          }
          const body = options.body === 'stream' ? endless() : null
          const { origin } = setting
          dispatcher.dispatch({ origin, path: '/first', method: 'GET', ...options, body }, handler)
        })
        assert.equal(second, '/second')
        assert.deepEqual(paths, ['/first', '/second'])
        assert.equal(dispatcher.stats().dials, 2)
      })
    }
  })
}
