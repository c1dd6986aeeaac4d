import type { AgentRequest } from './agent-request.ts'
import type { BufferingRequest } from './pending-writes.ts'

export interface RequestWithHead extends BufferingRequest {
  /**
   * The serialised head, `null` until it has been made.
   *
   * @why Headers that were given as an array are nowhere else; `Connection` is changed in it.
   * @instead `request.getHeader()` for headers given as an array; a method that announces a request as the
   * last one of its connection until its head is sent.
   */
  _header: string | null
  /**
   * Whether the head has been written, to a socket or to `outputData`.
   *
   * @why What has left for a socket cannot be changed any more.
   * @instead `request.headersSent` that is true only then.
   */
  readonly _headerSent: boolean
}

const KEEP_ALIVE = '\r\nConnection: keep-alive\r\n'
const CLOSE = '\r\nConnection: close\r\n'

/** The serialised head of a request, `null` until it has been made. */
export const headOf = (request: AgentRequest): string | null => (request as RequestWithHead)._header

/**
 * Announces that the request is the last one of its connection. A request that had to wait has made
 * its head already; as long as no socket has it, it can be changed. A head with a `Connection` of the
 * caller's is left as it is.
 */
export const announceLastRequest = (lastRequest: AgentRequest): void => {
  const request = lastRequest as RequestWithHead
  const { _header: head, _headerSent: isHeadWritten } = request
  if (head === null) {
    request.shouldKeepAlive = false
    return
  }
  const [first] = request.outputData
  const isBuffered = typeof first?.data === 'string' && first.data.startsWith(head)
  if (!head.includes(KEEP_ALIVE) || (isHeadWritten && !isBuffered)) return
  const mended = head.replace(KEEP_ALIVE, CLOSE)
  if (isBuffered) {
    first.data = mended + (first.data as string).slice(head.length)
    request.outputSize += mended.length - head.length
  }
  request._header = mended
  request.shouldKeepAlive = false
}
