import { type Policy, until } from './policy.ts'

/**
 * A connection is used no longer than its server announced, less `serverHintMarginMs`, and for no
 * more requests. A time-out that is no longer than the margin leaves no time for reuse at all.
 */
export const serverHint =
  (serverHintMarginMs: number): Policy =>
  (connection, nowMs) => {
    const { hintedIdleMs, hintedRequestLimit, idleSinceMs, requestCount } = connection
    if (hintedRequestLimit !== undefined && requestCount >= hintedRequestLimit) return 'server_hint'
    if (hintedIdleMs === undefined) return Number.POSITIVE_INFINITY
    return until(idleSinceMs + (hintedIdleMs - serverHintMarginMs), nowMs, 'server_hint')
  }
