import type { ConnectionFacts } from '../src/policies/policy.ts'

/** A connection that has served one request and about which its server said nothing. */
export const connectionFacts = (facts: Partial<ConnectionFacts> = {}): ConnectionFacts => ({
  requestCount: 1,
  openedAtMs: 0,
  idleSinceMs: 0,
  jitter: 0,
  hintedIdleMs: undefined,
  learnedIdleMs: undefined,
  hintedRequestLimit: undefined,
  isAddressGone: false,
  ...facts,
})
