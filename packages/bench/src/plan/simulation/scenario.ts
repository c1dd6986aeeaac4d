import type { ResolvedPolicy } from '@holdfast/core'
import type { PortRange } from '@holdfast/core/tcp'
import type { Arrivals, Spread } from './distributions.ts'

/** Behaviour of the upstream, and of everything on the way to it. Infinity: no limit. */
export interface ServerModel {
  /** Idle time after which it closes a connection. */
  readonly idleTimeoutMs: number
  /** Requests after which an answer says `Connection: close`, and the server closes first. */
  readonly maxRequests: number
  /** Whether its answers carry `Keep-Alive: timeout=…, max=…`. */
  readonly announces: boolean
  /** Way of closing idle connections. */
  readonly closes: 'fin' | 'reset'
  /** Silence after which a middlebox forgets a connection without telling anyone. */
  readonly forgetsAfterMs: number
  /** Time for which it keeps TIME_WAIT. */
  readonly timeWaitMs: number
}

/** Traffic of one replica. */
export interface Traffic {
  readonly requestsPerSecond: number
  readonly arrivals: Arrivals
  /** Time that the server takes for a request, on average. */
  readonly serviceMs: number
  readonly service: Spread
  /** Addresses that the requests go to evenly. */
  readonly destinations: number
  /** Share of requests that may be sent again. */
  readonly replayableShare: number
}

/** Network between a replica and the server. */
export interface Network {
  readonly roundTripMs: number
  /** Round trips until a connection can be used: 1 for TCP, 2 with TLS 1.3. */
  readonly dialRoundTrips: number
  /** Time, on average, for which a replica is busy before it reads what its kernel has received. */
  readonly loopDelayMs: number
}

/** Input of one replica's simulation, without the seed. */
export interface Scenario {
  readonly policy: ResolvedPolicy
  /** Whether idle connections are reset where ports become scarce, as Holdfast's agents do. */
  readonly guardsPorts: boolean
  /** Connections of a replica to one destination. */
  readonly maxConnections: number
  readonly server: ServerModel
  readonly traffic: Traffic
  readonly network: Network
  /** Ephemeral ports that a replica may use towards one destination. */
  readonly ports: PortRange
  /** Time for which a replica's kernel keeps TIME_WAIT. */
  readonly timeWaitMs: number
  readonly durationMs: number
}
