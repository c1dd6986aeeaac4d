import { type AddressInfo, createServer, type Socket } from 'node:net'
import { parentPort } from 'node:worker_threads'
import type { Ending } from './scripted-server.ts'

const RESPONSE = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'

const sockets = new Set<Socket>()

const server = createServer((socket) => {
  sockets.add(socket)
  let received = ''
  socket.on('data', (bytes) => {
    received += bytes.toString('latin1')
    const headEnd = received.indexOf('\r\n\r\n')
    if (headEnd === -1) return
    const bodyLength = Number(/content-length: (\d+)/iu.exec(received)?.[1] ?? 0)
    if (received.length < headEnd + 4 + bodyLength) return
    received = ''
    socket.write(RESPONSE)
  })
  socket.on('error', () => undefined)
  socket.on('close', () => sockets.delete(socket))
})

server.listen(0, '127.0.0.1', () => {
  parentPort?.postMessage((server.address() as AddressInfo).port)
})

parentPort?.on('message', ({ ending, delayMs }: { ending: Ending; delayMs: number }) => {
  setTimeout(() => {
    for (const socket of sockets) {
      if (ending === 'fin') socket.end()
      else socket.resetAndDestroy()
    }
  }, delayMs)
})
