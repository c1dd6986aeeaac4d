import type { AgentRequest } from './agent-request.ts'
import type { AgentSocket } from './agent-socket.ts'
import type { BufferingRequest, PendingWrite } from './pending-writes.ts'
import { setRequestOn } from './request-on-socket.ts'

export interface SentRequest extends Omit<BufferingRequest, 'socket'> {
  /**
   * The parser of the response, `null` until there is a socket.
   *
   * @why A request that has none lets Node's listeners free the one that its socket has.
   * @instead A way to send a request again, or to detach it from its socket.
   */
  parser: object | null
  /**
   * The socket of the request. Documented to be read; set here.
   *
   * @why As for `parser`.
   * @instead As for `parser`.
   */
  socket: AgentSocket | null
  /**
   * The listener that forwards the time-out of the socket, where somebody listens to that of the request.
   *
   * @why It has to leave the socket with the request, and be made anew for the next socket.
   * @instead As for `parser`.
   */
  timeoutCb?: ((...values: unknown[]) => void) | null
}

/**
 * The object that Node's listeners to a socket find in the place of a request that has been taken away. It
 * looks as if it had heard of everything already, and has no listeners.
 */
const STAND_IN = {
  res: null,
  parser: null,
  finished: true,
  socket: {
    /**
     * Whether the request has heard of an error of its socket.
     *
     * @why Node's listeners report a socket that closes, unless this says that they have.
     * @instead As for `parser`.
     */
    _hadError: true,
  },
  outputData: [],
  emit: (): boolean => false,
}

/**
 * The name of the function by which Node notes that a request is written.
 *
 * @why It gives the socket back where the response has ended before. The listeners of the caller, which
 * have been told of the first attempt, must not hear of it again.
 * @instead As for `parser`.
 */
const ON_FINISH = 'requestOnFinish'

/**
 * Tells Node's own listener that all is written: it gives the socket back where the response has ended
 * before. The caller's listeners have been told when it was written for the first time.
 */
const tellWritten = (request: SentRequest): void => {
  for (const listener of request.listeners('finish')) {
    if (listener.name === ON_FINISH) listener.call(request)
  }
}

/**
 * Takes a request away from its socket, before it has heard that this one fails, as if it had never
 * had it; what it has written, it holds as if it had still to be written. Node's listeners stay on
 * the socket and free the parser, without a word to the request.
 */
export const takeRequest = (
  socket: AgentSocket,
  takenRequest: AgentRequest,
  writes: readonly PendingWrite[],
): void => {
  const request = takenRequest as SentRequest
  setRequestOn(socket, STAND_IN as unknown as AgentRequest)
  request.parser = null
  request.socket = null
  request.reusedSocket = false
  if (request.timeoutCb) {
    socket.removeListener('timeout', request.timeoutCb)
    // Of the next socket, the request hears where it has a time-out of its own.
    request.timeoutCb = null
    request.timeout = socket.timeout ?? 0
  }
  const last = writes.at(-1)
  if (last && !last.callback && request.finished) last.callback = () => tellWritten(request)
  request.outputData = [...writes, ...request.outputData]
  for (const { data } of writes) request.outputSize += data.length
}
