import type { CloseReason } from '../connection/close-reason.ts'
import type { ResolvedPolicy } from '../policies/resolve-policy.ts'

/**
 * How a connection is ended: `'await_peer'` lets the peer send the first FIN, `'fin'` sends it at
 * once, `'reset'` sends RST.
 */
export type CloseMethod = 'await_peer' | 'fin' | 'reset'

/** What decides how a connection is ended. */
export interface CloseFacts {
  readonly reason: CloseReason
  /** No request is in progress, all that was sent is acknowledged by a response, nothing is unread. */
  readonly isQuiescent: boolean
  /** It has just served a request that both sides know to be the last one. */
  readonly isServed: boolean
  /** The ephemeral ports of its destination are nearly used up. */
  readonly arePortsScarce: boolean
}

/** What the peer did, or what broke: there is nobody left to wait for, and nothing left to reset. */
const ENDED_BY_PEER: ReadonlySet<CloseReason> = new Set([
  'peer_fin',
  'peer_reset',
  'stray_data',
  'error',
])

/**
 * Only quiescent connections are reset: a RST takes along what is under way in either direction. Where
 * the peer is expected to close first, TIME_WAIT stays with it, so that scarce ports are no reason not
 * to wait; once the wait is over, they are one.
 */
export const closeMethodFor = (
  mode: ResolvedPolicy['closeMode'],
  { reason, isQuiescent, isServed, arePortsScarce }: CloseFacts,
): CloseMethod => {
  if (!isQuiescent || ENDED_BY_PEER.has(reason)) return 'fin'
  if (mode === 'peer-first' && isServed) return 'await_peer'
  return mode === 'reset' || arePortsScarce ? 'reset' : 'fin'
}
