import type { CloseReason } from '../connection/close-reason.ts'
import type { ResolvedPolicy } from '../policies/resolve-policy.ts'

/**
 * The way to end a connection: `'await_peer'` lets the peer send the first FIN, `'fin'` sends it at
 * once, `'reset'` sends RST.
 */
export type CloseMethod = 'await_peer' | 'fin' | 'reset'

/** The facts that decide how a connection is ended. */
export interface CloseFacts {
  /** The reason why the connection ends. */
  readonly reason: CloseReason
  /**
   * Whether no request is in progress, all that was sent is acknowledged by a response, and nothing
   * is unread.
   */
  readonly isQuiescent: boolean
  /** Whether it has just served a request that both sides know to be the last one. */
  readonly isServed: boolean
  /** Whether the ephemeral ports of its destination are nearly used up. */
  readonly arePortsScarce: boolean
}

/** Reasons with which no peer is left to wait for, and nothing to reset. */
const ENDED_BY_PEER: ReadonlySet<CloseReason> = new Set([
  'peer_fin',
  'peer_reset',
  'stray_data',
  'error',
])

/**
 * Chooses how to end a connection. Only quiescent ones are reset: a RST takes along what is under
 * way in either direction. Where the peer is expected to close first, TIME_WAIT stays with it, so
 * that scarce ports are no reason not to wait; once the wait is over, they are one.
 */
export const closeMethodFor = (
  mode: ResolvedPolicy['closeMode'],
  { reason, isQuiescent, isServed, arePortsScarce }: CloseFacts,
): CloseMethod => {
  if (!isQuiescent || ENDED_BY_PEER.has(reason)) return 'fin'
  if (mode === 'peer-first' && isServed) return 'await_peer'
  return mode === 'reset' || arePortsScarce ? 'reset' : 'fin'
}
