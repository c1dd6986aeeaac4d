import type { PoolRequest, RequestFailure, RequestStateName } from '@holdfast/core'
import { monotonicNowMs } from './clock.ts'

/** What became of one request on its way through the pool, as far as it has come. Times are milliseconds. */
export interface RequestRecord {
  /** How far the request has come. */
  readonly state: RequestStateName
  /**
   * The connection that it got last, as `inspect()` and the events name it; `undefined` while it has
   * none yet.
   */
  readonly connectionId: number | undefined
  /** Whether that connection had served another request before. */
  readonly reusedSocket: boolean
  /** How long it has waited for connections, its own dial included. */
  readonly waitedMs: number
  /** How much of that was the dial of the connection that it got last: lookup, TCP and TLS. */
  readonly dialMs: number
  /** The rest of that: it waited because the caps allowed it no connection. */
  readonly queueMs: number
  /**
   * From the moment it got its connection to the first byte of its response; `undefined` while none
   * has come.
   */
  readonly firstByteMs: number | undefined
  /** Whether it was sent again because the connection that it was sent on turned out dead. */
  readonly replayed: boolean
  /** How often it went to another connection because one was lost before the request was sent. */
  readonly moveCount: number
  /** Where it has failed, or its response has: what is known of that, as its error tells, too. */
  readonly failure: RequestFailure | undefined
}

/** Puts the record of a request together. */
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
    queueMs: Math.max(0, waitedMs - dialMs),
    firstByteMs: isAnswered ? answeredAtMs - grantedAtMs : undefined,
    replayed: request.isResent,
    moveCount,
    failure,
  }
}
