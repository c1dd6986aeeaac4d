import net, { type AddressInfo, type Socket } from 'node:net'
import process from 'node:process'
import tls from 'node:tls'
import { TEST_IDENTITY } from '../loopback.ts'
import { randomSequence } from '../random-sequence.ts'
import { type ConnectionPlan, drawPlan, type Ending } from './storm-plan.ts'
import type { RequestLog, StormScript } from './storm-server.ts'

const REQUEST_LINE = /^\w+ \/(?<id>\d+) /u
const CONTENT_LENGTH = /^content-length: (?<length>\d+)/imu
const EARLY_HINTS = 'HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n\r\n'
const POISON = 'HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison'
const TIMED_OUT = 'HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n'

const { seed, isSecure } = JSON.parse(process.argv[2] as string) as StormScript
const random = randomSequence(seed)
const log = new Map<number, RequestLog>()
/** What carries a TLS socket, by the port of the other side. */
const transports = new Map<number | undefined, Socket>()

const entryOf = (id: number): RequestLog => {
  const known = log.get(id)
  if (known !== undefined) return known
  const entry: RequestLog = { id, seenCount: 0, isBegun: false }
  log.set(id, entry)
  return entry
}

const responseTo = (id: number): string => {
  const body = String(id)
  return `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`
}

/** Up to its last chunk but one, of a byte each. */
const chunksTo = (id: number): string => {
  const chunks = Array.from(String(id), (byte) => `1\r\n${byte}\r\n`)
  return `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${chunks.join('')}`
}

const lastResponseTo = (id: number): string =>
  responseTo(id).replace('\r\n', '\r\nConnection: close\r\n')

const open = new Set<StormConnection>()

class StormConnection {
  readonly #socket: Socket
  readonly #transport: Socket
  readonly #plan: ConnectionPlan
  #text = ''
  #servedCount = 0

  constructor(socket: Socket, transport: Socket) {
    this.#socket = socket
    this.#transport = transport
    this.#plan = drawPlan(random)
  }

  serve(): void {
    const [socket, transport] = [this.#socket, this.#transport]
    socket.on('error', () => undefined)
    transport.on('error', () => undefined)
    socket.on('data', (bytes) => {
      this.#text += bytes.toString('latin1')
      this.#readRequests()
    })
    // The other side has closed; a server that reads on does not wait for more.
    socket.on('end', () => socket.end())
    open.add(this)
    socket.on('close', () => open.delete(this))
  }

  end(): void {
    this.#socket.end()
  }

  #readRequests(): void {
    while (true) {
      const headEnd = this.#text.indexOf('\r\n\r\n')
      if (headEnd === -1) return
      const head = this.#text.slice(0, headEnd)
      const end = headEnd + 4 + Number(CONTENT_LENGTH.exec(head)?.groups?.['length'] ?? 0)
      if (this.#text.length < end) return
      this.#text = this.#text.slice(end)
      const entry = entryOf(Number(REQUEST_LINE.exec(head)?.groups?.['id']))
      entry.seenCount++
      this.#answer(entry)
    }
  }

  #answer(entry: RequestLog): void {
    const { serves, isChunked, ending } = this.#plan
    if (this.#servedCount === serves) {
      this.#endUpon(entry)
      return
    }
    entry.isBegun = true
    const isLast = ++this.#servedCount === serves
    const isAnnounced = isLast && ending === 'a last response that says so, and silence'
    const response = isAnnounced ? lastResponseTo(entry.id) : responseTo(entry.id)
    if (isLast) this.#endBehind(response)
    else if (isChunked) this.#socket.write(`${EARLY_HINTS}${chunksTo(entry.id)}0\r\n\r\n`)
    else this.#socket.write(response)
  }

  /** The last response, and whatever comes right behind it or some time later. */
  #endBehind(response: string): void {
    const socket = this.#socket
    const { delayMs } = this.#plan
    const endings: Partial<Record<Ending, () => unknown>> = {
      'FIN right behind a response': () => socket.end(response),
      'reset right behind a response': () => socket.write(response, () => this.#reset()),
      'FIN some time after a response': () => {
        socket.write(response)
        setTimeout(() => socket.end(), delayMs)
      },
      'reset some time after a response': () => {
        socket.write(response)
        setTimeout(() => this.#reset(), delayMs)
      },
      'closed without reading the next request': () => {
        socket.write(response)
        socket.pause()
        setTimeout(() => this.#transport.destroy(), delayMs)
      },
      'half-closed, and reading on': () => socket.end(response),
      'a 408 while idle, and FIN': () => {
        socket.write(response)
        setTimeout(() => socket.end(TIMED_OUT), delayMs)
      },
      'all connections closed at once behind a response': () => {
        socket.write(response)
        for (const connection of open) connection.end()
      },
      'stray bytes in the segment of a response, and silence': () =>
        socket.write(`${response}stray`),
      'a second response in the segment of a response, and silence': () =>
        socket.write(`${response}${POISON}`),
    }
    const end = endings[this.#plan.ending]
    if (end === undefined) socket.write(response)
    else end()
  }

  /** A request that is not answered, or not as a whole. */
  #endUpon(entry: RequestLog): void {
    const socket = this.#socket
    const response = responseTo(entry.id)
    const write = (text: string, then: () => unknown): void => {
      entry.isBegun = true
      socket.write(text, then)
    }
    const end = (): unknown => socket.end()
    const reset = (): void => this.#reset()
    const endings: Partial<Record<Ending, () => unknown>> = {
      'FIN upon the next request': end,
      'reset upon the next request': reset,
      'FIN within the head of the next response': () => write(response.slice(0, 20), end),
      'reset within the head of the next response': () => write(response.slice(0, 20), reset),
      'FIN behind the head of the next response': () =>
        write(response.slice(0, response.indexOf('\r\n\r\n') + 4), end),
      'FIN within the body of the next response': () => write(response.slice(0, -1), end),
      'FIN within a chunk of the next response': () => write(chunksTo(entry.id).slice(0, -3), end),
      'reset within a chunk of the next response': () =>
        write(chunksTo(entry.id).slice(0, -3), reset),
      'early hints for the next response, and FIN': () => write(EARLY_HINTS, end),
      'a 408 upon the next request, and FIN': () => write(TIMED_OUT, end),
      // These have nothing more to say; whoever uses them all the same gets no answer.
      'a last response that says so, and silence': reset,
      'stray bytes in the segment of a response, and silence': reset,
      'a second response in the segment of a response, and silence': reset,
    }
    endings[this.#plan.ending]?.()
  }

  #reset(): void {
    if (!this.#transport.destroyed) this.#transport.resetAndDestroy()
  }
}

const onConnection = (socket: Socket): void => {
  new StormConnection(socket, transports.get(socket.remotePort) ?? socket).serve()
}

const server = isSecure
  ? tls.createServer({ ...TEST_IDENTITY, allowHalfOpen: true }, onConnection)
  : net.createServer({ allowHalfOpen: true }, onConnection)
server.on('connection', (transport: Socket) => {
  const { remotePort } = transport
  transports.set(remotePort, transport)
  transport.on('close', () => transports.delete(remotePort))
})
server.listen(0, '127.0.0.1', () => {
  process.send?.((server.address() as AddressInfo).port)
})

process.on('message', () => process.send?.([...log.values()]))
// Whoever started it is gone.
process.on('disconnect', () => process.exit())
