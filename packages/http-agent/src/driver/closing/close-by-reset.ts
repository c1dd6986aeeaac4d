import type { Socket } from 'node:net'
import { resetWhenClosed } from '../socket-handle.ts'

/**
 * Destroys a socket by RST, which leaves TIME_WAIT to neither side. `resetAndDestroy` of Node throws
 * for TLS, whose handle stands on one of TCP, and leaves a socket without its `close` event where
 * libuv refuses.
 *
 * @returns Whether it stands on TCP; any other stream is left as it is.
 */
export const closeByReset = (socket: Socket): boolean => {
  if (!resetWhenClosed(socket)) return false
  socket.destroy()
  return true
}
