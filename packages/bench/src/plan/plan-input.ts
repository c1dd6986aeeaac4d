import type { ResolvedPolicy } from '@holdfast/core'
import type { PortRange } from '@holdfast/core/tcp'
import type { PathMember } from '@holdfast/core/upstreams'
import type { ServerModel } from './simulation/scenario.ts'

/** Load of a fleet and its resources. Infinity: no limit. */
export interface PlanInput {
  /** Requests per second of all replicas together. */
  readonly requestsPerSecond: number
  readonly replicas: number
  /** Addresses, or ports, that the requests spread over evenly. */
  readonly destinations: number
  /** Time that the upstream takes for a request, on average. */
  readonly serviceMs: number
  readonly roundTripMs: number
  readonly tls: boolean
  /** Connections of a replica to one destination. */
  readonly maxSockets: number
  /** Members of the path: profiles by name, or the user's own. */
  readonly path: readonly PathMember[]
  /** Whether all replicas leave by one address, as behind a NAT, and so share its ports. */
  readonly sharesAddress: boolean
  readonly ports: PortRange
  readonly timeWaitMs: number
  /** Connections that one destination takes. */
  readonly upstreamMaxConnections: number
  /** Memory of a connection, kernel included, at a replica and at the upstream. */
  readonly replicaBytesPerConnection: number
  readonly upstreamBytesPerConnection: number
}

/** Policy that takes part in a plan. */
export interface PlannedPolicy {
  /** Text that the user wrote. */
  readonly name: string
  readonly policy: ResolvedPolicy
  /** Whether idle connections are reset where ports become scarce, as Holdfast's agents do. */
  readonly guardsPorts: boolean
  /** Reasons for a computed policy. */
  readonly reasons: readonly string[]
}

/** Input of one forecast. */
export interface PlanCase {
  readonly input: PlanInput
  readonly planned: PlannedPolicy
  readonly server: ServerModel
}
