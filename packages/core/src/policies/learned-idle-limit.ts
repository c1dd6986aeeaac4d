import { type Policy, until } from './policy.ts'

/** A connection is idle for no longer than the peers of its origin were seen to allow. */
export const learnedIdleLimit: Policy = (connection, nowMs) =>
  until(connection.idleSinceMs + connection.learnedIdleMs, nowMs, 'learned_limit')
