import type { CloseReason } from './close-reason.ts'
import type { Counters } from './counters.ts'
import { STATES, type StateCounts } from './lifecycle.ts'
import type { RejectionCode } from './rejection-code.ts'

/** A snapshot of one origin, or of the whole pool. */
export interface OriginStats {
  /** Connections being dialled. */
  readonly connecting: number
  /** Idle connections, which a request may reuse. */
  readonly idle: number
  /** Connections in use, those that serve their last request included. */
  readonly leased: number
  /** Connections of `leased` that serve their last request. */
  readonly draining: number
  /** Connections that take no more requests and still hold a file descriptor. */
  readonly closing: number
  /** Connections of `closing` that wait for their peer to close first. */
  readonly lingering: number
  /** Requests that wait for a connection, those that wait for their own dial included. */
  readonly waiting: number
  /** Requests of `waiting` that the caps allow no dial. */
  readonly queued: number
  /** Dials begun since the pool began. */
  readonly dials: number
  /** Dials that failed since the pool began. */
  readonly dialFailures: number
  /** Requests that got a connection. */
  readonly leases: number
  /** Leases of a connection that had served a request before. */
  readonly reuses: number
  /** Requests that had to wait, those that waited for their own dial included. */
  readonly waits: number
  /** Requests that got an error and no connection. */
  readonly rejections: number
  /** The same by code: of Holdfast's own error, or `dial_failed`. */
  readonly rejectionsByCode: Readonly<Partial<Record<RejectionCode, number>>>
  /** Requests that were sent again because the connection that they had been sent on was lost. */
  readonly replays: number
  /** Requests that went to another connection because theirs was lost before they were sent. */
  readonly moves: number
  /** Requests that got a connection and then an error. */
  readonly failures: number
  /** Connections that left the pool, by reason. */
  readonly closes: Readonly<Partial<Record<CloseReason, number>>>
}

/** A snapshot of the whole pool, and of each of its origins. */
export interface PoolStats extends OriginStats {
  /** Origins that have a connection or a waiter now, by name. */
  readonly origins: Readonly<Record<string, OriginStats>>
}

export const snapshot = (
  counts: StateCounts,
  counters: Counters,
  waiting: number,
  queued: number,
): OriginStats => {
  const draining = counts[STATES.draining.index] as number
  const lingering = counts[STATES.lingering.index] as number
  return {
    connecting: counts[STATES.connecting.index] as number,
    idle: counts[STATES.idle.index] as number,
    leased: (counts[STATES.leased.index] as number) + draining,
    draining,
    closing: (counts[STATES.closing.index] as number) + lingering,
    lingering,
    waiting,
    queued,
    dials: counters.dials,
    dialFailures: counters.dialFailures,
    leases: counters.leases,
    reuses: counters.reuses,
    waits: counters.waits,
    rejections: counters.rejections,
    rejectionsByCode: Object.fromEntries(counters.rejectionsByCode),
    replays: counters.replays,
    moves: counters.moves,
    failures: counters.failures,
    closes: Object.fromEntries(counters.closes),
  }
}
