import { type Policy, until } from './policy.ts'

/**
 * A connection is used no longer than its server announced, less `serverHintMarginMs`, and for no
 * more requests. A time-out that is no longer than the margin leaves no time for reuse at all.
 */
export const serverHint =
  (serverHintMarginMs: number): Policy =>
  (connection, nowMs) => {
    if (connection.requestCount >= connection.hintedRequestLimit) return 'server_hint'
    const { hintedIdleMs, idleSinceMs } = connection
    // Nothing announced stays without limit, also less a margin of `Infinity`.
    if (hintedIdleMs === Number.POSITIVE_INFINITY) return hintedIdleMs
    return until(idleSinceMs + (hintedIdleMs - serverHintMarginMs), nowMs, 'server_hint')
  }
