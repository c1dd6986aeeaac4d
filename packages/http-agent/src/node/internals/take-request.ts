import type { AgentRequest, AgentSocket, PendingWrite } from './node-internals.ts'

/**
 * What Node's listeners to a socket find in the place of a request that has been taken away: it has
 * heard of everything already, and nobody listens to it.
 */
const STAND_IN = {
  res: null,
  parser: null,
  finished: true,
  socket: { _hadError: true },
  outputData: [],
  emit: (): boolean => false,
}

/**
 * Tells Node's own listener that all is written: it gives the socket back where the response has ended
 * before. The caller's listeners have been told when it was written for the first time.
 */
const tellWritten = (request: AgentRequest): void => {
  for (const listener of request.listeners('finish')) {
    if (listener.name === 'requestOnFinish') listener.call(request)
  }
}

/**
 * Takes a request away from its socket, before it has heard that this one fails, as if it had never
 * had it; what it has written, it holds as if it had still to be written. Node's listeners stay on
 * the socket and free the parser, without a word to the request.
 */
export const takeRequest = (
  socket: AgentSocket,
  request: AgentRequest,
  writes: readonly PendingWrite[],
): void => {
  socket._httpMessage = STAND_IN as unknown as AgentRequest
  request.parser = null
  ;(request as { socket: AgentSocket | null }).socket = null
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
