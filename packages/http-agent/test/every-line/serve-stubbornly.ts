import { createServer, type Socket } from 'node:net'
import type { TestContext } from 'node:test'
import { listen } from './loopback.ts'

/** A server that answers and leaves the closing to the client, whatever was agreed. */
export const serveStubbornly = async (
  context: TestContext,
): Promise<{ port: number; sockets: ReadonlySet<Socket> }> => {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('data', () => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok')
    })
    socket.on('end', () => socket.end())
  })
  const { port, connections: sockets } = await listen(context, server)
  return { port, sockets }
}
