import type { CloseReason } from './close-reason.ts'
import type { RejectionCode } from './rejection-code.ts'

/** Counts of what has happened so far. They only grow. */
export class Counters {
  /** Dials begun. */
  dials = 0
  /** Dials that came to nothing. */
  dialFailures = 0
  /** Requests that got a connection. */
  leases = 0
  /** Leases of a connection that had served a request before. */
  reuses = 0
  /** Requests that had to wait, those that waited for their own dial included. */
  waits = 0
  /** Requests that got an error and no connection. */
  rejections = 0
  /** The same by code; bounded by the number of codes. */
  readonly rejectionsByCode: Map<RejectionCode, number> = new Map()
  /** Requests that were sent again because the connection that they had been sent on was lost. */
  replays = 0
  /** Requests that went to another connection because theirs was lost before they were sent. */
  moves = 0
  /** Requests that got a connection and then an error. */
  failures = 0
  /** Connections that left the pool, by reason; bounded by the number of reasons. */
  readonly closes: Map<CloseReason, number> = new Map()

  /** Adds the counts of another set. */
  absorb(other: Counters): void {
    this.dials += other.dials
    this.dialFailures += other.dialFailures
    this.leases += other.leases
    this.reuses += other.reuses
    this.waits += other.waits
    this.rejections += other.rejections
    this.replays += other.replays
    this.moves += other.moves
    this.failures += other.failures
    for (const [code, count] of other.rejectionsByCode) increase(this.rejectionsByCode, code, count)
    for (const [reason, count] of other.closes) increase(this.closes, reason, count)
  }

  countRejection(code: RejectionCode): void {
    this.rejections++
    increase(this.rejectionsByCode, code, 1)
  }

  countClose(reason: CloseReason): void {
    increase(this.closes, reason, 1)
  }
}

const increase = <Key>(counts: Map<Key, number>, key: Key, by: number): void => {
  counts.set(key, (counts.get(key) ?? 0) + by)
}
