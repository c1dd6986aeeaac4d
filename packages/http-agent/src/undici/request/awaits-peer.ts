import type { Socket } from 'node:net'
import type { ClientConnection } from '../connection/client-connection.ts'

/**
 * Whether the request on a connection waits for its peer. It does not while its caller still
 * produces its body and no byte waits to be sent, nor while its handler has paused it.
 */
export const awaitsPeer = ({ request, socket }: ClientConnection): boolean => {
  if (!request?.isUnderWay || request.paused) return false
  return request.isComplete || (socket as Socket).writableLength > 0
}
