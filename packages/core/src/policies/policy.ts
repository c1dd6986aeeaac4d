import type { CloseReason } from '../connection/close-reason.ts'

/** What a policy may know of a connection. */
export interface ConnectionFacts {
  /** Requests that this connection was leased for, the present one included. */
  readonly requestCount: number
  /** When the dial succeeded. */
  readonly openedAtMs: number
  /** When it last became idle. */
  readonly idleSinceMs: number
  /** Drawn once at birth, in [0, 1): what spreads a cohort over time. */
  readonly jitter: number
  /** How long the server said that it keeps the connection idle. */
  readonly hintedIdleMs: number | undefined
  /** How long the peers of its origin were seen to leave a connection idle, less a margin. */
  readonly learnedIdleMs: number | undefined
  /** Whether the name of its origin does not stand for its address any more. */
  readonly isAddressGone: boolean
  /** How many requests the server said that it takes on the connection, those served included. */
  readonly hintedRequestLimit: number | undefined
}

/** The instant from which the connection may take no further request, or why it may take none now. */
export type Verdict = number | CloseReason

/** Judges whether an open connection may take a further request at `nowMs`. */
export type Policy = (connection: ConnectionFacts, nowMs: number) => Verdict

/** The verdict of a policy that allows use until `deadlineMs`, that instant not included. */
export const until = (deadlineMs: number, nowMs: number, reason: CloseReason): Verdict =>
  nowMs < deadlineMs ? deadlineMs : reason
