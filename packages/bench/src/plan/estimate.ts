import { portCount } from '@holdfast/core'
import { type IdleEnd, idleEndOf } from './idle-end.ts'
import type { PlanCase } from './plan-input.ts'
import { turnoverOf } from './turnover.ts'
import { type WaitingTime, waitingTime } from './waiting-time.ts'

/** A TIME_WAIT of Linux, with its share of the port's bucket (Bernat: 168 and 48 bytes). */
const BYTES_PER_TIME_WAIT = 216

/** Of 1000 instants, one may have more: so many standard deviations lie above the mean. */
const PEAK_DEVIATIONS = 3.09

/** How many connections there are, on average and in all but one of 1000 instants. */
export interface ConnectionCounts {
  readonly mean: number
  readonly peak: number
}

/** What may be expected in the long run where requests come at random. */
export interface Estimate {
  /** How long a request has its connection, on average. */
  readonly holdMs: number
  /** Requests in progress, of all replicas. */
  readonly inProgress: number
  /** When, and by whom, an idle connection is ended. */
  readonly idleEnd: IdleEnd
  readonly opensPerSecond: number
  readonly reuseShare: number
  readonly requestsPerConnection: number
  /** Of one replica, of one destination, and of all. */
  readonly replica: ConnectionCounts
  readonly destination: ConnectionCounts
  readonly fleet: ConnectionCounts
  /** TIME_WAITs at any time, of all replicas and all destinations. */
  readonly timeWaits: { readonly client: number; readonly upstream: number }
  /** Of one source address, towards one destination. */
  readonly ports: {
    readonly available: number
    /** By open connections and by TIME_WAITs, if there were enough and nothing guarded them. */
    readonly held: number
    readonly share: number
    /** At how many connections per second they would run out if the client closed each first. */
    readonly opensPerSecondLimit: number
  }
  /** For a connection, but for the dial; null where the queue grows without end. */
  readonly wait: WaitingTime | null
  /** What dialling adds to a request, on average. */
  readonly meanDialMs: number
  readonly memory: { readonly replicaBytes: number; readonly destinationBytes: number }
}

/** Computes what a policy leads to. See {@link turnoverOf} for what is exact, and when. */
export function estimate(each: PlanCase): Estimate {
  const { input, server } = each
  const { replicas, destinations, maxSockets, roundTripMs } = input
  const pools = replicas * destinations
  const perPool = input.requestsPerSecond / pools
  const holdMs = input.serviceMs + roundTripMs
  const idleEnd = idleEndOf(each.planned.policy, server)
  const stream = { requestsPerSecond: perPool, holdMs, maxConnections: maxSockets }
  const { occupancy, flows } = turnoverOf(each, stream, idleEnd)
  const { opensPerSecond: opens } = flows
  const countsOf = (pooled: number): ConnectionCounts => {
    const mean = pooled * occupancy.meanConnections
    const spread = PEAK_DEVIATIONS * Math.sqrt(pooled * occupancy.variance)
    const peak = pooled === 1 ? occupancy.peakConnections : mean + spread
    return { mean, peak: Math.ceil(Math.min(peak, pooled * maxSockets)) }
  }
  const timeWaits = {
    client: (flows.clientFirstPerSecond * pools * input.timeWaitMs) / 1000,
    upstream: (flows.upstreamFirstPerSecond * pools * server.timeWaitMs) / 1000,
  }
  const counts = {
    replica: countsOf(destinations),
    destination: countsOf(replicas),
    fleet: countsOf(pools),
  }
  return {
    holdMs,
    inProgress: (input.requestsPerSecond * holdMs) / 1000,
    idleEnd,
    opensPerSecond: opens * pools,
    reuseShare: 1 - opens / perPool,
    requestsPerConnection: perPool / opens,
    ...counts,
    timeWaits,
    ports: portsOf(each, timeWaits.client / pools, countsOf),
    wait: waitingTime((perPool * holdMs) / 1000, maxSockets, holdMs) ?? null,
    meanDialMs: (opens / perPool) * roundTripMs * (input.tls ? 2 : 1),
    memory: {
      replicaBytes:
        counts.replica.peak * input.replicaBytesPerConnection +
        (timeWaits.client / replicas) * BYTES_PER_TIME_WAIT,
      destinationBytes:
        counts.destination.peak * input.upstreamBytesPerConnection +
        (timeWaits.upstream / destinations) * BYTES_PER_TIME_WAIT,
    },
  }
}

function portsOf(
  { input }: PlanCase,
  timeWaitsOfPool: number,
  countsOf: (pooled: number) => ConnectionCounts,
): Estimate['ports'] {
  const pooled = input.sharesAddress ? input.replicas : 1
  const available = portCount(input.ports)
  const held = timeWaitsOfPool * pooled + countsOf(pooled).peak
  return {
    available,
    held,
    share: held / available,
    opensPerSecondLimit: (available * 1000) / input.timeWaitMs,
  }
}
