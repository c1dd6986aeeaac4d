import type { CloseReason } from '../close-reason.ts'

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
  /** How long the server said that it keeps the connection idle; `Infinity` where it said nothing. */
  readonly hintedIdleMs: number
  /** How long the peers of its origin were seen to leave a connection idle, less a margin. */
  readonly learnedIdleMs: number
  /** How many requests the server said that it takes on the connection, those served included. */
  readonly hintedRequestLimit: number
}

/** The instant from which the connection may take no further request, or why it may take none now. */
export type Verdict = number | CloseReason

/** Judges whether an open connection may take a further request at `nowMs`. */
export type Policy = (connection: ConnectionFacts, nowMs: number) => Verdict

/** The first refusal wins; where none refuses, the earliest deadline does. */
export const combinePolicies =
  (policies: readonly Policy[]): Policy =>
  (connection, nowMs) => {
    let earliestMs = Number.POSITIVE_INFINITY
    for (const policy of policies) {
      const verdict = policy(connection, nowMs)
      if (typeof verdict !== 'number') return verdict
      if (verdict < earliestMs) earliestMs = verdict
    }
    return earliestMs
  }

/** The verdict of a policy that allows use until `deadlineMs`, that instant not included. */
export const until = (deadlineMs: number, nowMs: number, reason: CloseReason): Verdict =>
  nowMs < deadlineMs ? deadlineMs : reason
