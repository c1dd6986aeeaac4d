import type { Socket } from 'node:net'
import type { TestContext } from 'node:test'
import { OK, type RawArrival, serveRaw } from '../raw-server.ts'

const HEAD = 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n'
const NO_CONTENT = 'HTTP/1.1 204 No Content\r\n\r\n'
const HEAD_ONLY = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n'
const SWITCH = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: test\r\n\r\n'
const EARLY_HINTS = 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n'
const TUNNEL = 'HTTP/1.1 200 OK\r\n\r\n'

/** An answer that says that it is the last one. */
const asLast = (answer: string): string => answer.replace('\r\n', '\r\nConnection: close\r\n')

/** The path of a request that is answered once its client has seen something. */
export const WHEN_TOLD = '/when-told'

/** What the server answers, by the path of the request. */
const ANSWERS: Readonly<Record<string, string>> = {
  '/ok': OK,
  [WHEN_TOLD]: OK,
  '/last': asLast(OK),
  '/last-unsaid': OK,
  '/head': HEAD_ONLY,
  '/no-content': NO_CONTENT,
  '/begin': `${HEAD}ok`,
  '/upgrade': SWITCH,
  '/hints': `${EARLY_HINTS}${OK}`,
  '/continue': OK,
  'tunnel:1': TUNNEL,
}

/** What it does else. */
const DEEDS: Readonly<Record<string, (socket: Socket, transport: Socket) => void>> = {
  '/silence': () => undefined,
  '/end': (socket) => socket.end(),
  '/reset': (_socket, transport) => transport.resetAndDestroy(),
  '/begin-and-end': (socket) => socket.end(`${HEAD}ok`),
  '/begin-and-reset': (socket, transport) => {
    // Once the client has read what came before.
    socket.write(`${HEAD}ok`, () => {
      setImmediate(() => setImmediate(() => transport.resetAndDestroy()))
    })
  },
}

const ASKS_TO_CLOSE = /\r\nconnection: close\r\n/iu
const REQUEST_LINE = /^[A-Z]+ (?<path>\S+)/u

/** Has what is written to a request that asks for it answered with `100 Continue`. */
const invite = (socket: Socket): void => {
  socket.prependListener('data', (bytes: Uint8Array) => {
    if (Buffer.from(bytes).includes('100-continue')) {
      socket.write('HTTP/1.1 100 Continue\r\n\r\n')
    }
  })
}

/** A server of a scenario. */
export interface OrderServer {
  readonly port: number
  /** Blocks the loop of this thread until so many answers have been written, where it can do that. */
  readonly blockUntilAnswered?: (count: number) => void
  /** Lets it answer what it answers only when it is told. */
  readonly answer?: () => void
  /** Lets it close the connection whose last answer it has written. */
  readonly end?: () => void
  readonly close: () => Promise<void>
}

const reply = ({ text, socket, transport }: RawArrival, path: string): void => {
  const said = ANSWERS[path]
  if (said === undefined) DEEDS[path]?.(socket, transport)
  else socket.write(ASKS_TO_CLOSE.test(text) && path !== '/last-unsaid' ? asLast(said) : said)
}

/** A server that does with each request what its path says. */
export const serveOrder = async (context: TestContext, isSecure: boolean): Promise<OrderServer> => {
  let isTold = false
  let waiting: (() => void) | undefined
  const server = await serveRaw(context, isSecure, (arrival) => {
    const path = REQUEST_LINE.exec(arrival.text)?.groups?.['path'] ?? ''
    if (path === WHEN_TOLD && !isTold) waiting = (): void => reply(arrival, path)
    else reply(arrival, path)
  })
  server.onConnection = invite
  const { port, sockets } = server
  return {
    port,
    answer: () => {
      isTold = true
      waiting?.()
    },
    end: () => {
      const [last] = sockets
      last?.end()
    },
    close: () => {
      for (const socket of sockets) socket.destroy()
      return Promise.resolve()
    },
  }
}
