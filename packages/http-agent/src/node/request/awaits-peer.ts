import type { IncomingMessage } from 'node:http'
import type { PooledSocket } from '../pooled-socket.ts'

/** Whether somebody has begun to read, has not stopped, and has read all that has come. */
const isHungry = (response: IncomingMessage): boolean =>
  response.readableLength === 0 &&
  (response.readableFlowing === true || response.listenerCount('readable') > 0)

/**
 * Whether the request on a socket waits for its peer. It does not while its caller has more of its body to
 * produce, and nothing that the peer would have to take first; nor while its response waits for its reader.
 */
export const awaitsPeer = ({ lease, socket }: PooledSocket): boolean => {
  const request = lease?.request
  if (request === undefined || request.destroyed) return false
  if (!request.writableEnded && socket.writableLength === 0) return false
  const { res: response } = request
  return response ? !response.complete && isHungry(response) : !socket.isPaused()
}
