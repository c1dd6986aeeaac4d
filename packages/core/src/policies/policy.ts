import type { CloseReason } from '../connection/close-reason.ts'

/** The facts of a connection that a policy may read. */
export interface ConnectionFacts {
  /** Requests that this connection was leased for, the present one included. */
  readonly requestCount: number
  /** The time at which the dial succeeded, in milliseconds of the pool's clock. */
  readonly openedAtMs: number
  /** The last time at which it became idle, in milliseconds of the pool's clock. */
  readonly idleSinceMs: number
  /** A random number in [0, 1), drawn once, which spreads the ends of a cohort over time. */
  readonly jitter: number
  /**
   * The idle time that the server announced, in milliseconds; `undefined` where it announced none.
   */
  readonly hintedIdleMs: number | undefined
  /**
   * The idle time that the peers of its origin were seen to allow, less a margin, in milliseconds.
   */
  readonly learnedIdleMs: number | undefined
  /** Whether the name of its origin does not stand for its address any more. */
  readonly isAddressGone: boolean
  /** Number of requests that the server announced for the connection, those served included. */
  readonly hintedRequestLimit: number | undefined
}

/**
 * The instant from which the connection may take no further request, or the reason why it may take
 * none now.
 */
export type Verdict = number | CloseReason

/**
 * A rule that says until when an open connection may take a further request, as seen at `nowMs`.
 */
export type Policy = (connection: ConnectionFacts, nowMs: number) => Verdict

/** The verdict of a policy that allows use until `deadlineMs`, that instant not included. */
export const until = (deadlineMs: number, nowMs: number, reason: CloseReason): Verdict =>
  nowMs < deadlineMs ? deadlineMs : reason
