import type { CloseReason } from '@holdfast/core'
import type { AgentSocket } from './internals/node-internals.ts'

/** What Node tells a request whose socket closed without an answer. */
export const createHangUp = (): Error =>
  Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' })

/** Why a socket closed that a request was using, or had just been. */
export const closeReasonOf = ({ _httpMessage: request }: AgentSocket): CloseReason => {
  if (!request) return 'peer_fin'
  if (request.res?.complete) return 'response_close'
  return request.destroyed ? 'aborted' : 'error'
}
