import net, { type Socket } from 'node:net'
import type { TestContext } from 'node:test'
import tls from 'node:tls'
import { listen, TEST_IDENTITY } from './loopback.ts'

const CONTENT_LENGTH = /content-length: (?<length>\d+)/iu
const LAST_CHUNK = '0\r\n\r\n'

export const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'

/** A complete request at its server. */
export interface RawArrival {
  /** Everything that came: the head and the body. */
  readonly text: string
  /** Which connection it came on, from 1. */
  readonly connection: number
  /** Which request of that connection it is, from 1. */
  readonly index: number
  readonly socket: Socket
  /** What carries the socket: the same without TLS. */
  readonly transport: Socket
}

export interface RawServer {
  readonly port: number
  readonly arrivals: readonly RawArrival[]
  readonly connectionCount: () => number
  /** The open connections. */
  readonly sockets: ReadonlySet<Socket>
  /** Called with each new connection, before anything is read of it. */
  onConnection: ((socket: Socket) => void) | undefined
}

/** A request as its bytes come; a long one is not looked through again with each of them. */
class IncomingText {
  text = ''
  /** Where it ends, once that is known. */
  #length = Number.POSITIVE_INFINITY
  #isChunked = false

  get isComplete(): boolean {
    if (this.#isChunked) return this.text.endsWith(LAST_CHUNK)
    return this.text.length >= this.#length
  }

  add(bytes: string): void {
    this.text += bytes
    if (this.#isChunked || this.#length !== Number.POSITIVE_INFINITY) return
    const headEnd = this.text.indexOf('\r\n\r\n')
    if (headEnd === -1) return
    const head = this.text.slice(0, headEnd)
    this.#isChunked = /transfer-encoding: chunked/iu.test(head)
    this.#length = headEnd + 4 + Number(CONTENT_LENGTH.exec(head)?.groups?.['length'] ?? 0)
  }
}

/** A server that does with each complete request what the test wants, byte by byte. */
export const serveRaw = async (
  context: TestContext,
  isSecure: boolean,
  behave: (arrival: RawArrival) => void,
): Promise<RawServer> => {
  const arrivals: RawArrival[] = []
  const sockets = new Set<Socket>()
  /** What carries a TLS socket, by the port of the other side. */
  const transports = new Map<number | undefined, Socket>()
  let connectionCount = 0
  const onConnection = (socket: Socket): void => {
    const connection = ++connectionCount
    const transport = transports.get(socket.remotePort) ?? socket
    let [incoming, index] = [new IncomingText(), 0]
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => sockets.delete(socket))
    socket.on('data', (bytes) => {
      incoming.add(bytes.toString('latin1'))
      if (!incoming.isComplete) return
      const { text } = incoming
      const arrival = { text, connection, index: ++index, socket, transport }
      incoming = new IncomingText()
      arrivals.push(arrival)
      behave(arrival)
    })
  }
  const server = isSecure
    ? tls.createServer({ ...TEST_IDENTITY }, onConnection)
    : net.createServer(onConnection)
  server.on('connection', (transport: Socket) => {
    const { remotePort } = transport
    transports.set(remotePort, transport)
    transport.on('close', () => transports.delete(remotePort))
  })
  const { port } = await listen(context, server)
  const raw: RawServer = {
    port,
    arrivals,
    sockets,
    onConnection: undefined,
    connectionCount: () => connectionCount,
  }
  server.on(isSecure ? 'secureConnection' : 'connection', (socket: Socket) => {
    raw.onConnection?.(socket)
  })
  return raw
}

/** Answers every request but the second one of the first connection, with which the test deals. */
export const failingSecond =
  (fail: (arrival: RawArrival) => void) =>
  (arrival: RawArrival): void => {
    if (arrival.connection === 1 && arrival.index === 2) fail(arrival)
    else arrival.socket.write(OK)
  }
