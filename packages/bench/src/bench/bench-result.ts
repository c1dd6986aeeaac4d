import type { Recommendation } from '../forms/recommendation.ts'
import type { StatesBySide, TimeWaits } from '../linux/connection-states.ts'
import type { CpuPinning } from '../linux/cpu-pinning.ts'
import type { Isolation } from '../linux/isolation.ts'
import type { Machine } from '../linux/machine.ts'
import type { TcpCounters } from '../linux/tcp-counters.ts'
import type { LatencyBucket } from '../statistics/latency-histogram.ts'
import type { PairedRatio, Verdict } from '../statistics/paired-ratio.ts'
import type { MetricName } from './method/metrics.ts'
import type { Participant } from './method/participants.ts'
import type { Path } from './roles/messages.ts'
import type { Upstream } from './upstreams/upstream.ts'
import type {
  ConnectionUses,
  UpstreamCounts,
  UpstreamDescription,
} from './upstreams/upstream-server.ts'
import type { ErrorCounts } from './workloads/error-tally.ts'
import type { Workload } from './workloads/workload.ts'

/** Changes with every change that could break a reader. */
export const BENCH_SCHEMA = 'holdfast.bench/3'

/** One thing to measure: who takes part, and in what. */
export interface Scenario {
  /** Who all others are compared with. */
  readonly baseline: string
  /** The baseline, the baseline again, and the others. */
  readonly participants: readonly Participant[]
  readonly path: Path
  readonly upstream: Upstream
  readonly workload: Workload
  readonly method: 'GET' | 'POST'
  /** Size of a request's body; 0 for none. */
  readonly bodyBytes: number
  readonly tls: boolean
  /** Origins that take turns. */
  readonly origins: number
  /** Requests in progress at any time, where the workload does not say otherwise. */
  readonly connections: number
  /** A request that takes longer is given up, and has failed. */
  readonly requestTimeoutMs: number
  /** A middlebox before the upstream forgets connections idle this long; null for none. */
  readonly middleboxIdleSeconds: number | null
  /** Whether requests are expected to fail, since connections are closed that are about to be used. */
  readonly mayFail: boolean
  /** Measured blocks, warm-up not counted. */
  readonly blocks: number
  /** Processes of each variant, one after the other, that share the blocks. */
  readonly forks: number
  /** What a slice should take; its number of requests is chosen so. */
  readonly sliceMs: number
  /** The same for a slice of the warm-up, which takes no less than a measured one. */
  readonly warmUpMs: number
  /** What the portrait of each participant should take; 0 for none. */
  readonly portraitMs: number
  /** What the race against closing connections should take; 0 for none. */
  readonly raceMs: number
  /** Determines the order within each block. */
  readonly seed: number
}

/** One participant's turn in one block, as measured. */
export interface Slice {
  readonly participant: string
  /** Requests that were to be made. */
  readonly requests: number
  /** Answers received. */
  readonly completed: number
  /** Answers among them whose status was not 2xx. */
  readonly non2xx: number
  /** Requests that ended in an error, as the load generator saw it. */
  readonly failed: number
  /** Requests that the client under test lost, wherever that surfaced: as a 502 of the gateway, too. */
  readonly lost: number
  readonly elapsedMs: number
  readonly latency: readonly LatencyBucket[]
  /** Of the client process. */
  readonly cpuUserUs: number
  readonly cpuSystemUs: number
  /** Heap that an idle connection takes; null where the workload does not measure it. */
  readonly bytesPerConnection: number | null
  /** Errors of requests to the upstream. */
  readonly errors: ErrorCounts
  /** Errors that the load generator met on its way to the gateway. */
  readonly loadErrors: ErrorCounts
  /** Null where the upstream cannot be asked. */
  readonly upstream: UpstreamCounts | null
  /** Connections of the load generator to the gateway; the kernel counted them too. */
  readonly loadConnections: number
  /** Of the client process, from 0 to 1. */
  readonly eventLoopUtilization: number
  /** What the kernel counted meanwhile; null where it cannot be asked. */
  readonly kernel: TcpCounters | null
  /** Connections the kernel saw dialled, less `loadConnections`. */
  readonly kernelConnections: number | null
  /** What entered TIME_WAIT in this slice; null where the kernel cannot be asked. */
  readonly timeWaits: TimeWaits | null
  /** Why the slice is invalid; empty if it is valid. */
  readonly problems: readonly string[]
  readonly warnings: readonly string[]
}

/** Every participant once, in the order that was drawn. */
export interface Block {
  /** Counted from 0, warm-up included. */
  readonly index: number
  /** Whose processes they were, counted from 0. */
  readonly fork: number
  /** Kept for its counts; its times are dropped. */
  readonly warmUp: boolean
  readonly slices: readonly Slice[]
}

/** The connections of a participant at one instant. */
export interface StateSample extends StatesBySide {
  /** Since the first request of the portrait. */
  readonly atMs: number
}

/**
 * A participant with a new agent and ports of its own, looked at all the time. That costs time, so
 * nothing is compared; it shows how connections come and go.
 */
export interface Portrait {
  readonly participant: string
  readonly completed: number
  readonly failed: number
  readonly elapsedMs: number
  /** In order; empty where the kernel cannot be asked. */
  readonly samples: readonly StateSample[]
  /** Null where the upstream does not say. */
  readonly connectionUses: ConnectionUses | null
}

/** What a participant lost in a race against closing connections. */
export interface RaceOutcome {
  readonly participant: string
  /** Requests that were to be made. */
  readonly requests: number
  readonly lost: number
  readonly errors: ErrorCounts
}

/**
 * Requests that meet a connection just as its upstream closes it, since it has been idle for as long
 * as the upstream allows. All participants run at once: only losses are counted.
 */
export interface CloseRace {
  /** After which the upstream closes, and around which each connection is used again. */
  readonly idleMs: number
  readonly connections: number
  readonly outcomes: readonly RaceOutcome[]
}

/** Everything about one scenario, before anything is concluded from it. */
export interface RunRecord {
  readonly scenario: Scenario
  readonly upstream: UpstreamDescription
  readonly stoppingRule: string
  /** Requests that each process had made before its first block. */
  readonly waking: number
  readonly blocks: readonly Block[]
  /** One for each participant but the second copy of the baseline. */
  readonly portraits: readonly Portrait[]
  /** Null where there was none. */
  readonly closeRace: CloseRace | null
}

/** One scenario's record, and what follows from it. */
export interface Run extends RunRecord {
  readonly summary: Summary
}

/** The whole result, and the only source of every other form of it. */
export interface BenchResult {
  readonly schema: typeof BENCH_SCHEMA
  /** Of the bench package. */
  readonly version: string
  /** Of the checkout that ran; null outside of one. */
  readonly commit: string | null
  /** Of the libraries that were measured. */
  readonly versions: Readonly<Record<string, string>>
  /** ISO 8601. */
  readonly startedAt: string
  readonly machine: Machine
  readonly pinning: CpuPinning
  readonly isolation: Isolation
  /** The share of all CPU time, from 0 to 1, that others took before the first run. */
  readonly busyShare: number | null
  /** What a reader should know before believing anything. */
  readonly warnings: readonly string[]
  readonly runs: readonly Run[]
}

/** What follows from the blocks. */
export interface Summary {
  /** Slices whose witnesses disagree. Nothing is computed from their times. */
  readonly invalidSlices: number
  readonly slices: number
  /** Factor, at least 1, by which the baseline seems to differ from itself; null if not known. */
  readonly noiseFloor: Readonly<Record<MetricName, number | null>>
  readonly participants: readonly ParticipantSummary[]
  readonly comparisons: readonly Comparison[]
  /** Which settings to take, where the run compares several of ours. */
  readonly recommendation: Recommendation | null
}

/** Times are medians over the valid measured slices; counts are sums over all slices. */
export interface ParticipantSummary {
  readonly participant: string
  readonly cpuPerRequestUs: number | null
  readonly userCpuPerRequestUs: number | null
  readonly requestsPerSecond: number | null
  /** Null where the workload does not measure it. */
  readonly bytesPerConnection: number | null
  readonly p50Us: number | null
  readonly p99Us: number | null
  /** All latencies of the valid measured slices. */
  readonly latency: readonly LatencyBucket[]
  /** Answers received. */
  readonly requests: number
  /** Requests that were to be made. */
  readonly attempted: number
  /** Requests that the client lost, wherever that surfaced: as a 502 of the gateway, too. */
  readonly failed: number
  readonly errors: ErrorCounts
  /** As the upstream counted, warm-up included: a connection opened there serves later slices. */
  /** Null where the upstream cannot be asked. */
  readonly connections: number | null
  readonly kernelConnections: number | null
  /** Null if no connection was opened. */
  readonly requestsPerConnection: number | null
  readonly timeWaits: TimeWaits | null
}

/** One metric of one participant divided by the same of another. */
export interface Comparison extends PairedRatio {
  readonly metric: MetricName
  readonly candidate: string
  readonly reference: string
  readonly verdict: Verdict
}
