import type { UnreadResponse } from '../../driver/liveness/leak-watch.ts'
import type { ClientConnection } from '../connection/client-connection.ts'

/**
 * Finds the response that has bytes waiting in the socket: a client reads all that its handler
 * takes.
 */
export const unreadResponseOf = ({
  request,
  socket,
}: ClientConnection): UnreadResponse | undefined => {
  if (!(request?.stateName === 'answering' && socket?.readableLength)) return undefined
  const { method, path } = request.options
  return { method, path, progress: socket.bytesRead }
}
