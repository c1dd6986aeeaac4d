import type { CloseReason } from '@holdfast/core'
import type { AgentSocket } from './internals/agent-socket.ts'
import { requestOn } from './internals/request-on-socket.ts'

/** The error that Node gives a request whose socket closed without an answer. */
export const createHangUp = (): Error =>
  Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' })

/** The reason for which a socket closed that a request was using, or had just used. */
export const closeReasonOf = (socket: AgentSocket): CloseReason => {
  const request = requestOn(socket)
  if (!request) return 'peer_fin'
  if (request.res?.complete) return 'response_close'
  return request.destroyed ? 'aborted' : 'error'
}
