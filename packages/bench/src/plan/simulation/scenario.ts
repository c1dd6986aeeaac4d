import type { ResolvedPolicy } from '@holdfast/core'
import type { PortRange } from '@holdfast/core/tcp'
import type { Arrivals, Spread } from './distributions.ts'

/** What the upstream, and whatever is on the way to it, do to connections. Infinity: nothing. */
export interface ServerModel {
  /** It closes a connection that has been idle for this long. */
  readonly idleTimeoutMs: number
  /** Its last answer on a connection says `Connection: close`, and it closes first. */
  readonly maxRequests: number
  /** Whether its answers carry `Keep-Alive: timeout=…, max=…`. */
  readonly announces: boolean
  /** How it closes idle connections. */
  readonly closes: 'fin' | 'reset'
  /** A middlebox has forgotten a connection that was silent for this long, and tells nobody. */
  readonly forgetsAfterMs: number
  /** How long it keeps TIME_WAIT. */
  readonly timeWaitMs: number
}

/** What one replica does all the time. */
export interface Traffic {
  readonly requestsPerSecond: number
  readonly arrivals: Arrivals
  /** How long the server takes for a request, on average. */
  readonly serviceMs: number
  readonly service: Spread
  /** Addresses that the requests go to, each as often as any other. */
  readonly destinations: number
  /** The share of requests that may be sent again. */
  readonly replayableShare: number
}

/** The way between a replica and the server. */
export interface Network {
  readonly roundTripMs: number
  /** Round trips until a connection can be used: 1 for TCP, 2 with TLS 1.3. */
  readonly dialRoundTrips: number
  /** How long, on average, a replica is busy before it reads what its kernel has received. */
  readonly loopDelayMs: number
}

/** Everything that one replica's simulation depends on, but for the seed. */
export interface Scenario {
  readonly policy: ResolvedPolicy
  /** Whether idle connections are reset where ports become scarce, as Holdfast's agents do. */
  readonly guardsPorts: boolean
  /** Connections of a replica to one destination. */
  readonly maxConnections: number
  readonly server: ServerModel
  readonly traffic: Traffic
  readonly network: Network
  /** What a replica may use of the ephemeral ports, towards one destination. */
  readonly ports: PortRange
  /** How long a replica's kernel keeps TIME_WAIT. */
  readonly timeWaitMs: number
  readonly durationMs: number
}
