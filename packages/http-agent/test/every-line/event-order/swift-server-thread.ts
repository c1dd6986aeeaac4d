import { type AddressInfo, createServer, type Socket } from 'node:net'
import tls from 'node:tls'
import { parentPort, workerData } from 'node:worker_threads'
import { TEST_IDENTITY } from '../loopback.ts'
import { OK } from '../raw-server.ts'
import type { SwiftScript } from './swift-server.ts'

const { isSecure, answers } = workerData as SwiftScript

const serve = (socket: Socket): void => {
  socket.on('error', () => undefined)
  // A request of these scenarios is one segment that ends with its body.
  socket.on('data', () => {
    socket.write(OK, () => {
      Atomics.add(answers, 0, 1)
      Atomics.notify(answers, 0)
    })
  })
}

const server = isSecure ? tls.createServer({ ...TEST_IDENTITY }, serve) : createServer(serve)
server.listen(0, '127.0.0.1', () => {
  parentPort?.postMessage((server.address() as AddressInfo).port)
})
