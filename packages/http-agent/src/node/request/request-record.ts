import type { ClientRequest } from 'node:http'
import type { RequestFailure } from './request-failure.ts'
import { leaseOf } from './request-lease.ts'

/** What became of one request on its way through the pool. */
export interface RequestRecord {
  /**
   * The connection that it got last, as `inspect()` and the events name it; `undefined` while it has
   * none yet.
   */
  readonly connectionId: number | undefined
  /** Whether that connection had served another request before. */
  readonly reusedSocket: boolean
  /** How long it has waited for connections, its own dial included, in milliseconds. */
  readonly waitedMs: number
  /** Whether it was sent before, on a connection that turned out dead. */
  readonly replayed: boolean
  /** Where it has failed, or its response has: what is known of that, as its error tells, too. */
  readonly failure: RequestFailure | undefined
}

/**
 * The record of a request that was made through an agent of Holdfast, at any time of its life;
 * `undefined` for any other one. It is put together when it is asked for.
 */
export const requestRecord = (request: ClientRequest): RequestRecord | undefined => {
  const lease = leaseOf(request)
  if (lease === undefined) return undefined
  const { connectionId, waitedMs, isReplayed: replayed, failure } = lease
  return { connectionId, reusedSocket: request.reusedSocket, waitedMs, replayed, failure }
}
