import type { PoolRequest, RequestFailure, RequestStateName } from '@holdfast/core'
import { monotonicNowMs } from './clock.ts'
import type { DialPhases } from './observe/dial-watch.ts'
import { dialPhasesOf } from './observe/watched-dials.ts'

/**
 * The way of one request through the pool so far. Times are in milliseconds.
 * The phases of its dial are known if that began while somebody was subscribed to
 * `holdfast:connection:opened`, and the request was the first to get the connection.
 */
export interface RequestRecord extends DialPhases {
  /** The state of the request. */
  readonly state: RequestStateName
  /**
   * The connection that it got last, as `inspect()` and the events name it; `undefined` while it has
   * none yet.
   */
  readonly connectionId: number | undefined
  /** Whether that connection had served another request before. */
  readonly reusedSocket: boolean
  /** The time that it has waited for connections, its own dial included. */
  readonly waitedMs: number
  /** The part of `waitedMs` for the dial of its last connection: lookup, TCP and TLS. */
  readonly dialMs: number
  /** The other part of `waitedMs`: it waited because the caps allowed it no connection. */
  readonly queueMs: number
  /**
   * The time from its connection to the first byte of its response; `undefined` while none has
   * come.
   */
  readonly firstByteMs: number | undefined
  /** Whether it was sent again because the connection that it was sent on turned out to be dead. */
  readonly replayed: boolean
  /**
   * Number of times that it went to another connection because one was lost before the request was
   * sent.
   */
  readonly moveCount: number
  /**
   * The facts of the failure of the request or its response, as on its error; `undefined` where
   * neither has failed.
   */
  readonly failure: RequestFailure | undefined
}

/** Makes the record of a request. */
export const recordOf = (request: PoolRequest): RequestRecord => {
  const { answeredAtMs, connectionId, dialMs, failure, grantedAtMs, moveCount } = request
  const waitedMs = request.waitedMs(monotonicNowMs())
  const isAnswered = answeredAtMs !== undefined && grantedAtMs !== undefined
  return {
    state: request.stateName,
    connectionId,
    reusedSocket: request.isReused,
    waitedMs,
    dialMs,
    ...dialPhasesOf(request, connectionId),
    queueMs: Math.max(0, waitedMs - dialMs),
    firstByteMs: isAnswered ? answeredAtMs - grantedAtMs : undefined,
    replayed: request.isResent,
    moveCount,
    failure,
  }
}
