import type { IncomingMessage } from 'node:http'
import type { PooledSocket } from '../pooled-socket.ts'

/** Whether the response is being read, is not paused, and has no bytes left unread. */
const isHungry = (response: IncomingMessage): boolean =>
  response.readableLength === 0 &&
  (response.readableFlowing === true || response.listenerCount('readable') > 0)

/**
 * Whether the request on a socket waits for its peer. It does not while its caller still produces
 * its body and no byte waits to be sent, nor while its response waits for its reader.
 */
export const awaitsPeer = ({ lease, socket }: PooledSocket): boolean => {
  const request = lease?.request
  if (request === undefined || request.destroyed) return false
  if (!request.writableEnded && socket.writableLength === 0) return false
  const { res: response } = request
  return response ? !response.complete && isHungry(response) : !socket.isPaused()
}
