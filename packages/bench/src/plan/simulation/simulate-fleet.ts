import type { CloseReason } from '@holdfast/core'
import { seededRandom } from '../../statistics/seeded-random.ts'
import { FleetTally, type StaleCounts, TIMELINE_STEPS } from './fleet-tally.ts'
import { Replica } from './replica.ts'
import type { Scenario } from './scenario.ts'

/** Number of replicas, and of requests to simulate in all. */
export interface Fleet {
  readonly replicas: number
  readonly maxRequests: number
  readonly seed: number
}

/** Waits of requests for a connection, its dial included. */
export interface QueueTimes {
  /** Share of requests that did not get one at once. */
  readonly waitedShare: number
  readonly p50Ms: number
  readonly p90Ms: number
  readonly p99Ms: number
  readonly p999Ms: number
  readonly maxMs: number
}

/** Counts at equal distances, of all simulated replicas together. */
export interface Timeline {
  readonly stepMs: number
  readonly openConnections: readonly number[]
  readonly clientTimeWaits: readonly number[]
  readonly upstreamTimeWaits: readonly number[]
}

/** Result of a simulation. All counts are of the simulated replicas alone. */
export interface SimulationResult {
  readonly seed: number
  readonly durationMs: number
  /**
   * Replicas that were simulated; fewer than the fleet has where that would take too many requests.
   */
  readonly simulatedReplicas: number
  /** Factor by which a count is multiplied to stand for all replicas. */
  readonly fleetScale: number
  readonly requests: number
  readonly served: number
  readonly opens: number
  /** Counts of the second half of the time, when the pools have settled. */
  readonly settled: { readonly requests: number; readonly opens: number }
  /** Share of leases that got a used connection. */
  readonly reuseShare: number
  /** Requests by connection; null where none was opened. */
  readonly requestsPerConnection: number | null
  readonly closes: Readonly<Partial<Record<CloseReason, number>>>
  readonly stale: Readonly<StaleCounts>
  /** Requests rejected by the pool, by code. */
  readonly rejections: Readonly<Record<string, number>>
  /** Dials that found no ephemeral port. */
  readonly portsExhausted: number
  readonly queue: QueueTimes
  readonly peakConnectionsOfReplica: number
  /** Peak of one replica's TIME_WAITs towards one destination. */
  readonly peakTimeWaitsOfReplica: number
  readonly timeline: Timeline
}

/** Generators of a replica; they start far apart, so that one does not repeat the other. */
const STREAMS = 2
const SEEDS = 2 ** 32
const GOLDEN = 2_654_435_769

/**
 * Simulates replicas one after the other, so that memory is bounded by one of them. They share
 * nothing but the instants of their bursts.
 *
 * @param hear receives, now and then, the number of replicas that are done
 */
export function simulateFleet(
  scenario: Scenario,
  { replicas, maxRequests, seed }: Fleet,
  hear?: (done: number, of: number) => void,
): SimulationResult {
  const perReplica = (scenario.traffic.requestsPerSecond * scenario.durationMs) / 1000
  const simulatedReplicas = Math.min(replicas, Math.max(1, Math.floor(maxRequests / perReplica)))
  const tally = new FleetTally(scenario.durationMs)
  for (let index = 0; index < simulatedReplicas; index++) {
    const [traffic, pool] = [0, 1].map((stream) =>
      seededRandom((seed + (STREAMS * index + stream + 1) * GOLDEN) % SEEDS),
    ) as [ReturnType<typeof seededRandom>, ReturnType<typeof seededRandom>]
    new Replica(scenario, tally, { traffic, pool }).run()
    hear?.(index + 1, simulatedReplicas)
  }
  return {
    seed,
    durationMs: scenario.durationMs,
    simulatedReplicas,
    fleetScale: replicas / simulatedReplicas,
    ...countsOf(tally, scenario),
  }
}

function countsOf(
  tally: FleetTally,
  { durationMs }: Scenario,
): Omit<SimulationResult, 'seed' | 'durationMs' | 'simulatedReplicas' | 'fleetScale'> {
  const { requests, served, opens, leases, reuses } = tally
  return {
    requests,
    served,
    opens,
    settled: tally.settled,
    reuseShare: leases === 0 ? 0 : reuses / leases,
    requestsPerConnection: opens === 0 ? null : leases / opens,
    closes: tally.closes,
    stale: tally.stale,
    rejections: tally.rejections,
    portsExhausted: tally.portsExhausted,
    queue: {
      waitedShare: tally.waitedShare,
      p50Ms: tally.waitMsAt(50),
      p90Ms: tally.waitMsAt(90),
      p99Ms: tally.waitMsAt(99),
      p999Ms: tally.waitMsAt(99.9),
      maxMs: tally.waitMsAt(100),
    },
    peakConnectionsOfReplica: tally.peakConnectionsOfReplica,
    peakTimeWaitsOfReplica: tally.peakTimeWaitsOfReplica,
    timeline: {
      stepMs: durationMs / TIMELINE_STEPS,
      openConnections: tally.open.levels(),
      clientTimeWaits: tally.clientTimeWaits.levels(),
      upstreamTimeWaits: tally.upstreamTimeWaits.levels(),
    },
  }
}
