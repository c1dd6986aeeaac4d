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
 * A profile of the caller's own: like {@link UpstreamProfile}, but only `name` is required, and a
 * value may stand alone. A field that is `undefined` counts as left out; its value is then not
 * known.
 */
export interface OwnProfile {
  /** The name, for reasons, warnings and errors. Required. */
  readonly name: string
  /** The title for people. Default: the name. */
  readonly title?: string | undefined
  /** The kind of thing it is. Default: `'server'`. */
  readonly kind?: ProfileKind | undefined
  /** The connections that the values are about. Default: `'accepts'`. */
  readonly role?: ProfileRole | undefined
  /** The versions that behave so. */
  readonly versionRange?: string | undefined
  /** A remark for people. Default: none. */
  readonly note?: string | undefined
  /** The time after which it ends an idle connection, in milliseconds. */
  readonly idleTimeoutMs?: Given<number> | undefined
  /** The number of requests after which it ends a connection. */
  readonly maxRequests?: Given<number> | undefined
  /** The age at which it ends a connection, in milliseconds. */
  readonly maxAgeMs?: Given<number> | undefined
  /** The responses in which it sends `Keep-Alive: timeout=…`. */
  readonly hint?: Given<HintHabit> | undefined
  /** The way in which it ends an idle connection. */
  readonly closes?: Given<CloseHabit> | undefined
  /** The time that it keeps TIME_WAIT, in milliseconds. */
  readonly timeWaitMs?: Given<number> | undefined
  /** Silence before its first TCP probe, in milliseconds. */
  readonly tcpKeepAliveDelayMs?: Given<number> | undefined
  /** The time between two TCP probes, in milliseconds; `Infinity` where it sends none. */
  readonly tcpKeepAliveIntervalMs?: Given<number> | undefined
  /** Unanswered TCP probes until it gives a connection up. */
  readonly tcpKeepAliveProbes?: Given<number> | undefined
}
