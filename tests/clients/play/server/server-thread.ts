/** The servers of one run, in a thread of their own: they act while the loop of the client is blocked. */
import { once } from 'node:events'
import http, {
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http'
import https from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { workerData } from 'node:worker_threads'
import type { Answer } from './answers.ts'
import { COUNT, type End, MUCH, type Opening, type Order, type Wires } from './orders.ts'

const { orders, carriedOut, identity } = workerData as Wires

interface Opened {
  /** What speaks HTTP, and what carries it: the same without TLS. */
  readonly sockets: Set<Socket>
  readonly transports: Set<Socket>
}

const opened = new Map<number, Opened>()
const moved = '/moved'
const much = Buffer.alloc(MUCH, 'x')
const PLAIN: Answer = { headers: { 'content-type': 'text/plain' }, body: '$answer' }

const answer = (
  { url = '/', method = 'GET' }: IncomingMessage,
  response: ServerResponse,
  length: number,
  { manner, answers }: Opening,
): void => {
  if (manner === 'redirects' && !url.startsWith(moved)) {
    response.writeHead(302, { location: `${moved}${url}`, 'content-length': 0 }).end()
    return
  }
  const isGet = method === 'GET'
  const { headers = {}, body } = (isGet ? answers.get : answers.others) ?? PLAIN
  const fill = (text: string): string => text.replaceAll('$answer', isGet ? 'ok' : String(length))
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, fill(value))
  const content = manner === 'sends much' ? much : Buffer.from(fill(body))
  response.writeHead(200, { 'content-length': content.byteLength }).end(content)
}

const listenerOf =
  (opening: Opening): RequestListener =>
  (request, response) => {
    const number = Atomics.add(opening.counts, COUNT.requests, 1) + 1
    let length = 0
    request.on('data', (chunk: Buffer) => {
      length += chunk.byteLength
    })
    if (opening.manner === 'hangs') return
    request.on('end', () => {
      if (opening.manner === 'drops the second' && number === 2) response.destroy()
      else answer(request, response, length, opening)
    })
  }

const collect = (sockets: Set<Socket>, socket: Socket): void => {
  sockets.add(socket)
  socket.on('error', () => undefined)
  socket.on('close', () => sockets.delete(socket))
}

const open = async (opening: Opening): Promise<number> => {
  const { isSecure, counts, path } = opening
  const listener = listenerOf(opening)
  const options = { keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0 }
  const server: Server = isSecure
    ? https.createServer({ ...identity, ...options }, listener)
    : http.createServer(options, listener)
  const sockets = new Set<Socket>()
  const transports = new Set<Socket>()
  server.on('connection', (transport: Socket) => {
    Atomics.add(counts, COUNT.everOpened, 1)
    Atomics.add(counts, COUNT.open, 1)
    transport.on('close', () => Atomics.sub(counts, COUNT.open, 1))
    transport.setNoDelay()
    collect(transports, transport)
    if (!isSecure) collect(sockets, transport)
  })
  server.on('secureConnection', (socket: Socket) => collect(sockets, socket))
  if (path === undefined) server.listen(0, '127.0.0.1')
  else server.listen(path)
  await once(server, 'listening')
  const address = server.address() as AddressInfo | string
  const port = typeof address === 'string' ? 0 : address.port
  opened.set(port, { sockets, transports })
  return port
}

const endSocket = (socket: Socket): Promise<void> =>
  new Promise((resolve) => {
    socket.end(() => resolve())
  })

const reset = (transport: Socket): Promise<void> =>
  new Promise((resolve) => {
    transport.on('close', () => resolve())
    transport.resetAndDestroy()
  })

const pause = (delayMs: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, delayMs)
  })

const end = async ({ port, ending, delayMs }: End): Promise<void> => {
  const { sockets, transports } = opened.get(port) as Opened
  await pause(delayMs)
  await Promise.all(ending === 'fin' ? [...sockets].map(endSocket) : [...transports].map(reset))
}

orders.on('message', async (order: Order) => {
  if ('open' in order) orders.postMessage(await open(order.open))
  else await end(order.end)
  Atomics.add(carriedOut, 0, 1)
  Atomics.notify(carriedOut, 0)
})
