import type {
  CloseHabit,
  Fact,
  HintHabit,
  ProfileKind,
  ProfileRole,
  UpstreamProfile,
} from './upstream-profile.ts'

/** A value with its source, or alone. */
export type Given<Value> = Value | Fact<Value>

/**
 * A profile of the caller's own: as {@link UpstreamProfile}, but only `name` must be there, and a
 * value may stand alone. What is `undefined` counts as left out.
 */
export interface OwnProfile {
  readonly name: string
  /** Default: the name. */
  readonly title?: string | undefined
  /** Default: `'server'`. */
  readonly kind?: ProfileKind | undefined
  /** Default: `'accepts'`. */
  readonly role?: ProfileRole | undefined
  readonly versionRange?: string | undefined
  readonly note?: string | undefined
  readonly idleTimeoutMs?: Given<number> | undefined
  readonly maxRequests?: Given<number> | undefined
  readonly maxAgeMs?: Given<number> | undefined
  readonly hint?: Given<HintHabit> | undefined
  readonly closes?: Given<CloseHabit> | undefined
  readonly timeWaitMs?: Given<number> | undefined
  readonly tcpKeepAliveDelayMs?: Given<number> | undefined
  readonly tcpKeepAliveIntervalMs?: Given<number> | undefined
  readonly tcpKeepAliveProbes?: Given<number> | undefined
}
