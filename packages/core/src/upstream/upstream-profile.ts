/**
 * The evidence for a value: seen on the wire, read in the vendor's documentation or source,
 * reported by others and not checked, or given by the caller of `policyFor`.
 */
export type Verification = 'measured' | 'documented' | 'unverified' | 'given'

/** A value with its evidence. */
export interface Fact<Value> {
  /** The value. */
  readonly value: Value
  /** The kind of evidence. */
  readonly verification: Verification
  /** The document that states it, or the program that it was measured with. */
  readonly source: string
  /** A remark that the value needs. */
  readonly note?: string
}

/** The kind of thing that a profile describes. */
export type ProfileKind =
  | 'server'
  | 'proxy'
  | 'load-balancer'
  | 'middlebox'
  | 'kernel'
  /** A client that pools, which a server must outwait. */
  | 'client'

/**
 * The connections that the values are about: those that it accepts and answers; those of others
 * that pass through it packet by packet, so that TCP probes count as traffic; those that it opens.
 */
export type ProfileRole = 'accepts' | 'carries' | 'opens'

/**
 * The responses that carry `Keep-Alive: timeout=…`: none, all, or those to requests that ask for
 * it.
 */
export type HintHabit = 'never' | 'always' | 'on-request'

/** The way an idle connection ends, as the other side sees it. */
export type CloseHabit = 'fin' | 'reset' | 'silent'

/**
 * The keepalive behaviour of a server or middlebox, with its default settings. `Infinity` means
 * that it is known to have no such limit; an absent value is not known, or does not exist there.
 */
export interface UpstreamProfile {
  /** The name, its key in `PROFILES`. */
  readonly name: string
  /** The title for people. */
  readonly title: string
  /** The kind of thing it is. */
  readonly kind: ProfileKind
  /** The connections that the values are about. */
  readonly role: ProfileRole
  /** The versions that behave so; `'service'` for one that the vendor runs. */
  readonly versionRange: string
  /** A remark for people. */
  readonly note?: string
  /** The time after which it ends an idle connection, in milliseconds. */
  readonly idleTimeoutMs?: Fact<number>
  /** The number of requests after which it ends a connection. */
  readonly maxRequests?: Fact<number>
  /** The age at which it ends a connection, however busy, in milliseconds. */
  readonly maxAgeMs?: Fact<number>
  /** The responses in which it sends `Keep-Alive: timeout=…`. */
  readonly hint?: Fact<HintHabit>
  /** The way in which it ends an idle connection. */
  readonly closes?: Fact<CloseHabit>
  /** The time that it keeps TIME_WAIT, in milliseconds. */
  readonly timeWaitMs?: Fact<number>
  /** Silence before its first TCP probe, in milliseconds. */
  readonly tcpKeepAliveDelayMs?: Fact<number>
  /** The time between two TCP probes, in milliseconds; `Infinity` where it sends none. */
  readonly tcpKeepAliveIntervalMs?: Fact<number>
  /** Unanswered TCP probes until it gives a connection up. */
  readonly tcpKeepAliveProbes?: Fact<number>
}

/** Profiles under their own names. */
export type ProfilesByName<Name extends string> = {
  readonly [Key in Name]: UpstreamProfile & { readonly name: Key }
}

const fact = <Value>(
  verification: Verification,
  value: Value,
  source: string,
  note: string | undefined,
): Fact<Value> =>
  note === undefined ? { value, verification, source } : { value, verification, source, note }

/** A value seen on the wire; the source says with which version. */
export const measured = <Value>(value: Value, source: string, note?: string): Fact<Value> =>
  fact('measured', value, source, note)

/** A value that the vendor's documentation or source states. */
export const documented = <Value>(value: Value, source: string, note?: string): Fact<Value> =>
  fact('documented', value, source, note)

/** A value that others report and that is not checked. */
export const unverified = <Value>(value: Value, source: string, note?: string): Fact<Value> =>
  fact('unverified', value, source, note)
