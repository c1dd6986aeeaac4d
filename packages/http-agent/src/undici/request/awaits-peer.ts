import type { Socket } from 'node:net'
import type { ClientConnection } from '../connection/client-connection.ts'

/**
 * Whether the request on a connection waits for its peer. It does not while its caller has more of its body
 * to produce, and nothing that the peer would have to take first; nor while its handler has paused it.
 */
export const awaitsPeer = ({ request, socket }: ClientConnection): boolean => {
  if (!request?.isUnderWay || request.paused) return false
  return request.isComplete || (socket as Socket).writableLength > 0
}
