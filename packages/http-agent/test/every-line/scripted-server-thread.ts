import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import tls from 'node:tls'
import { parentPort, workerData } from 'node:worker_threads'
import { TEST_IDENTITY } from './loopback.ts'
import { type Deed, type Order, PLANTED, type Script } from './scripted-server.ts'

const CONTENT_LENGTH = /content-length: (?<length>\d+)/iu
const RESPONSE = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'
const SECOND_RESPONSE = `HTTP/1.1 200 OK\r\nContent-Length: ${PLANTED.length}\r\n\r\n${PLANTED}`

const { isSecure, deeds } = workerData as Script
/** What speaks HTTP, and what carries it: the same without TLS. */
const sockets = new Set<Socket>()
const transports = new Set<Socket>()

let isPlanting = false

const tell = (): void => {
  Atomics.add(deeds, 0, 1)
  Atomics.notify(deeds, 0)
}

const collect = (socket: Socket, set: Set<Socket>): void => {
  set.add(socket)
  socket.on('error', () => undefined)
  socket.on('close', () => set.delete(socket))
}

const answer = (socket: Socket): void => {
  collect(socket, sockets)
  let received = ''
  socket.on('data', (bytes) => {
    received += bytes.toString('latin1')
    const headEnd = received.indexOf('\r\n\r\n')
    if (headEnd === -1) return
    const bodyLength = Number(CONTENT_LENGTH.exec(received)?.groups?.['length'] ?? 0)
    if (received.length < headEnd + 4 + bodyLength) return
    received = ''
    socket.write(RESPONSE)
    if (isPlanting) socket.write(SECOND_RESPONSE, tell)
    isPlanting = false
  })
}

const server = isSecure ? tls.createServer({ ...TEST_IDENTITY }, answer) : createServer(answer)
const ACCEPTED = isSecure ? 'secureConnection' : 'connection'

server.on('connection', (transport: Socket) => {
  // A second response is to be sent at once.
  transport.setNoDelay()
  collect(transport, transports)
})

server.listen(0, '127.0.0.1', () => {
  parentPort?.postMessage((server.address() as AddressInfo).port)
})

const end = (socket: Socket): Promise<void> =>
  new Promise((resolve) => {
    socket.end(() => resolve())
  })

const reset = (transport: Socket): Promise<void> =>
  new Promise((resolve) => {
    transport.on('close', () => resolve())
    transport.resetAndDestroy()
  })

const DEEDS: Readonly<Record<Deed, () => Promise<void>[]>> = {
  fin: () => [...sockets].map(end),
  reset: () => [...transports].map(reset),
  plant: () => {
    isPlanting = true
    return []
  },
  none: () => [],
}

parentPort?.on('message', ({ deed, delayMs }: Order) => {
  setTimeout(async () => {
    // A client may have connected before this thread has heard of it.
    const hasToEnd = deed === 'fin' || deed === 'reset'
    if (hasToEnd && sockets.size === 0) await once(server, ACCEPTED)
    await Promise.all(DEEDS[deed]())
    tell()
  }, delayMs)
})
