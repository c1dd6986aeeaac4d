import { type Policy, until } from './policy.ts'

/** A connection may be idle for less than `idleTimeoutMs`. */
export const idleTimeout =
  (idleTimeoutMs: number): Policy =>
  (connection, nowMs) =>
    until(connection.idleSinceMs + idleTimeoutMs, nowMs, 'idle_timeout')
