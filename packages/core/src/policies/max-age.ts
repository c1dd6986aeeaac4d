import { type Policy, until } from './policy.ts'

/**
 * A connection takes requests until it is `maxConnectionAgeMs` old, or up to the share
 * `connectionAgeJitter` earlier. A request in progress finishes first.
 */
export const maxAge =
  (maxConnectionAgeMs: number, connectionAgeJitter: number): Policy =>
  (connection, nowMs) =>
    until(
      connection.openedAtMs + maxConnectionAgeMs * (1 - connectionAgeJitter * connection.jitter),
      nowMs,
      'max_age',
    )
