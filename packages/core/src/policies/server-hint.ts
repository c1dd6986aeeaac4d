import { type Policy, until } from './policy.ts'

/**
 * A connection is used no longer than its server announced, less `serverHintMarginMs`, and for no
 * more requests. A time-out that is no longer than the margin leaves no time for reuse at all.
 */
export const serverHint =
  (serverHintMarginMs: number): Policy =>
  (connection, nowMs) => {
    if (connection.requestCount >= connection.hintedRequestLimit) return 'server_hint'
    const limitMs = connection.hintedIdleMs - serverHintMarginMs
    return until(connection.idleSinceMs + limitMs, nowMs, 'server_hint')
  }
