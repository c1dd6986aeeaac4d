import { type Policy, until } from './policy.ts'

/** A connection is idle for no longer than the peers of its origin were seen to allow. */
export const learnedIdleLimit: Policy = ({ idleSinceMs, learnedIdleMs }, nowMs) =>
  learnedIdleMs === undefined
    ? Number.POSITIVE_INFINITY
    : until(idleSinceMs + learnedIdleMs, nowMs, 'learned_limit')
