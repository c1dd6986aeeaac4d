import type { UnreadResponse } from '../../driver/liveness/leak-watch.ts'
import { requestOn } from '../internals/request-on-socket.ts'
import type { PooledSocket } from '../pooled-socket.ts'

/** Finds the response on a socket that is not being read, or is paused with bytes left. */
export const unreadResponseOf = ({ socket }: PooledSocket): UnreadResponse | undefined => {
  const request = requestOn(socket)
  const response = request?.res
  if (!(request && response) || response.destroyed) return undefined
  const { readableFlowing, readableLength } = response
  const isUnread = readableFlowing === null || (!readableFlowing && readableLength > 0)
  if (!isUnread) return undefined
  return { method: request.method, path: request.path, progress: socket.bytesRead }
}
