import { portCount } from '@holdfast/core/tcp'
import type { PlanCase } from './plan-input.ts'
import type { SimulationResult } from './simulation/simulate-fleet.ts'

/**
 * Memory of a TIME_WAIT in Linux, with its share of the port's bucket (Bernat: 168 and 48 bytes).
 */
const BYTES_PER_TIME_WAIT = 216

/** Number of connections once the pools have settled: on average, and at most. */
export interface Level {
  readonly mean: number
  readonly peak: number
}

/** Forecast of a policy, read off the simulation of the real pool once it has settled. */
export interface Forecast {
  /** Time for which a request holds its connection, on average. */
  readonly holdMs: number
  /** Requests in progress, of all replicas. */
  readonly inProgress: number
  readonly opensPerSecond: number
  /** Share of requests that got a used connection. */
  readonly reuseShare: number
  readonly requestsPerConnection: number
  /** Connections of one replica, of one destination, and of all replicas. */
  readonly replica: Level
  readonly destination: Level
  readonly fleet: Level
  /** TIME_WAITs of all replicas, and of all destinations. */
  readonly timeWaits: { readonly client: Level; readonly upstream: Level }
  /** Ports of one source address towards one destination, at the peak. */
  readonly ports: {
    readonly available: number
    readonly held: number
    readonly share: number
    /** Connections per second at which ports would run out if the client closed each first. */
    readonly opensPerSecondLimit: number
  }
  /** Share of requests that failed because their connection was closed, or that got none. */
  readonly failedShare: number
  /**
   * Share of requests that met a connection which the other side had closed, whether or not they
   * failed.
   */
  readonly staleShare: number
  /** Time that dialling adds to a request, on average. */
  readonly meanDialMs: number
  readonly memory: { readonly replicaBytes: number; readonly destinationBytes: number }
}

/** Reads a forecast off a simulation. */
export function forecastOf({ input }: PlanCase, simulation: SimulationResult): Forecast {
  const { replicas, destinations, roundTripMs } = input
  const { timeline, fleetScale, settled, requests, stale, rejections } = simulation
  const fleet = levelOf(timeline.openConnections, fleetScale)
  const timeWaits = {
    client: levelOf(timeline.clientTimeWaits, fleetScale),
    upstream: levelOf(timeline.upstreamTimeWaits, fleetScale),
  }
  const openShare = settled.requests === 0 ? 0 : settled.opens / settled.requests
  const holdMs = input.serviceMs + roundTripMs
  const replica = {
    mean: fleet.mean / replicas,
    peak: Math.max(simulation.peakConnectionsOfReplica, fleet.mean / replicas),
  }
  const destination = { mean: fleet.mean / destinations, peak: fleet.peak / destinations }
  const rejected = Object.values(rejections).reduce((sum, count) => sum + count, 0)
  return {
    holdMs,
    inProgress: (input.requestsPerSecond * holdMs) / 1000,
    opensPerSecond: openShare * input.requestsPerSecond,
    reuseShare: Math.max(0, 1 - openShare),
    requestsPerConnection: 1 / openShare,
    replica,
    destination,
    fleet,
    timeWaits,
    ports: portsOf(input, simulation.peakTimeWaitsOfReplica, replica.peak / destinations),
    failedShare: requests === 0 ? 0 : (stale.failed + rejected) / requests,
    staleShare: requests === 0 ? 0 : stale.met / requests,
    meanDialMs: openShare * roundTripMs * (input.tls ? 2 : 1),
    memory: {
      replicaBytes:
        replica.peak * input.replicaBytesPerConnection +
        (timeWaits.client.peak / replicas) * BYTES_PER_TIME_WAIT,
      destinationBytes:
        destination.peak * input.upstreamBytesPerConnection +
        (timeWaits.upstream.peak / destinations) * BYTES_PER_TIME_WAIT,
    },
  }
}

/** Level in the second half, since a simulation starts without connections. */
function levelOf(levels: readonly number[], scale: number): Level {
  const settled = levels.slice(Math.floor(levels.length / 2))
  const sum = settled.reduce((total, level) => total + level, 0)
  return { mean: (sum / Math.max(1, settled.length)) * scale, peak: Math.max(0, ...levels) * scale }
}

function portsOf(
  { ports, sharesAddress, replicas, timeWaitMs }: PlanCase['input'],
  timeWaits: number,
  connections: number,
): Forecast['ports'] {
  const available = portCount(ports)
  const held = (timeWaits + connections) * (sharesAddress ? replicas : 1)
  return {
    available,
    held,
    share: held / available,
    opensPerSecondLimit: (available * 1000) / timeWaitMs,
  }
}
