import type { Socket } from 'node:net'
import { resetWhenClosed } from '../socket-handle.ts'

/**
 * Destroys a socket by RST, which leaves TIME_WAIT to neither side. `resetAndDestroy` of Node throws
 * for TLS, whose handle stands on one of TCP.
 *
 * @returns Whether that can be done: the socket stands on TCP, and no FIN is on its way, at which libuv
 * refuses. It is left as it is otherwise.
 */
export const closeByReset = (socket: Socket): boolean => {
  if (socket.writableEnded || !resetWhenClosed(socket)) return false
  socket.destroy()
  return true
}
