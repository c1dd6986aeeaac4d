/**
 * How well a value is known: seen on the wire, read in the vendor's documentation or source, passed
 * on by others and not checked, or given by the caller of `policyFor`.
 */
export type Verification = 'measured' | 'documented' | 'unverified' | 'given'

/** A value, and why one may believe it. */
export interface Fact<Value> {
  readonly value: Value
  readonly verification: Verification
  /** Where it can be looked up, or with what it was measured. */
  readonly source: string
  /** What the value alone does not tell. */
  readonly note?: string
}

export type ProfileKind =
  | 'server'
  | 'proxy'
  | 'load-balancer'
  | 'middlebox'
  | 'kernel'
  /** What others pool with: it tells a server how long it must wait at least. */
  | 'client'

/**
 * Which connections the values are about: those that it accepts and answers; those of others that
 * pass through it, packet by packet, so that TCP probes count as traffic; those that it opens.
 */
export type ProfileRole = 'accepts' | 'carries' | 'opens'

/** Whether its responses carry `Keep-Alive: timeout=…`; `'on-request'`: only if asked for. */
export type HintHabit = 'never' | 'always' | 'on-request'

/** What the other side sees of a connection that it ends for being idle. */
export type CloseHabit = 'fin' | 'reset' | 'silent'

/**
 * The keepalive behaviour of a server or middlebox, as it is shipped. `Infinity` means that it is
 * known to have no such limit; a value that is absent is not known, or does not exist there.
 */
export interface UpstreamProfile {
  readonly name: string
  /** For people. */
  readonly title: string
  readonly kind: ProfileKind
  readonly role: ProfileRole
  /** The versions that behave so; `'service'`: what the vendor runs. */
  readonly versionRange: string
  readonly note?: string
  /** An idle connection ends after this long. */
  readonly idleTimeoutMs?: Fact<number>
  /** A connection ends after this many requests. */
  readonly maxRequests?: Fact<number>
  /** A connection ends at this age, however busy it is. */
  readonly maxAgeMs?: Fact<number>
  readonly hint?: Fact<HintHabit>
  readonly closes?: Fact<CloseHabit>
  /** How long it keeps TIME_WAIT. */
  readonly timeWaitMs?: Fact<number>
  /** How long a connection is silent before it sends the first TCP probe. */
  readonly tcpKeepAliveDelayMs?: Fact<number>
  /** The time between two TCP probes; `Infinity`: it sends none. */
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

/** A value that is passed on without a check. */
export const unverified = <Value>(value: Value, source: string, note?: string): Fact<Value> =>
  fact('unverified', value, source, note)
