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

/** Name of the result's schema; it changes whenever a reader could break. */
export const BENCH_SCHEMA = 'holdfast.bench/4'

/** One thing to measure: the participants, and the conditions. */
export interface Scenario {
  /** Participant that all others are compared with. */
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
  /** Time after which a request is given up and counts as failed. */
  readonly requestTimeoutMs: number
  /**
   * Idle time after which a middlebox before the upstream forgets a connection; null without one.
   */
  readonly middleboxIdleSeconds: number | null
  /** Whether requests may fail because connections are closed just before they are used. */
  readonly mayFail: boolean
  /** Measured blocks, warm-up not counted. */
  readonly blocks: number
  /** Processes of each variant, one after the other; they share the blocks. */
  readonly forks: number
  /** Planned time of a slice; its number of requests is chosen to match. */
  readonly sliceMs: number
  /** Planned time of a warm-up slice, at least that of a measured one. */
  readonly warmUpMs: number
  /** Planned time of each participant's timeline; 0 for none. */
  readonly timelineMs: number
  /** Planned time of the race against closing connections; 0 for none. */
  readonly raceMs: number
  /** Seed of the order within each block. */
  readonly seed: number
}

/** Measurements of one participant in one block. */
export interface Slice {
  readonly participant: string
  /** Requests to make. */
  readonly requests: number
  /** Answers received. */
  readonly completed: number
  /** Answers among them whose status was not 2xx. */
  readonly non2xx: number
  /** Requests that ended in an error, as seen by the load generator. */
  readonly failed: number
  /** Requests that the client under test lost, including those that the gateway answered by 502. */
  readonly lost: number
  readonly elapsedMs: number
  readonly latency: readonly LatencyBucket[]
  /** User time of the client process. */
  readonly cpuUserUs: number
  readonly cpuSystemUs: number
  /** Heap of an idle connection; null where the workload does not measure it. */
  readonly bytesPerConnection: number | null
  /** Errors of requests to the upstream. */
  readonly errors: ErrorCounts
  /** Errors between the load generator and the gateway. */
  readonly loadErrors: ErrorCounts
  /** Counts of the upstream; null where it cannot be asked. */
  readonly upstream: UpstreamCounts | null
  /** Connections of the load generator to the gateway, which the kernel counts too. */
  readonly loadConnections: number
  /** Event loop utilization of the client process, from 0 to 1. */
  readonly eventLoopUtilization: number
  /** Counts of the kernel; null where it cannot be asked. */
  readonly kernel: TcpCounters | null
  /** Connections dialled according to the kernel, less `loadConnections`. */
  readonly kernelConnections: number | null
  /** Connections that entered TIME_WAIT in this slice; null where the kernel cannot be asked. */
  readonly timeWaits: TimeWaits | null
  /** Reasons why the slice is invalid; empty if it is valid. */
  readonly problems: readonly string[]
  readonly warnings: readonly string[]
}

/** One slice of every participant, in a random order. */
export interface Block {
  /** Index counted from 0, warm-up included. */
  readonly index: number
  /** Fork that the processes belong to, counted from 0. */
  readonly fork: number
  /** Whether only its counts are kept, and its times are dropped. */
  readonly warmUp: boolean
  readonly slices: readonly Slice[]
}

/** Connections of a participant at one instant. */
export interface StateSample extends StatesBySide {
  /** Time since the first request of the timeline. */
  readonly atMs: number
}

/**
 * Connections of a participant over time, with a new agent and new ports. Sampling costs time, so
 * nothing is compared.
 */
export interface Timeline {
  readonly participant: string
  readonly completed: number
  readonly failed: number
  readonly elapsedMs: number
  /** Samples in order; empty where the kernel cannot be asked. */
  readonly samples: readonly StateSample[]
  /** Requests by connection; null where the upstream does not say. */
  readonly connectionUses: ConnectionUses | null
}

/** Losses of a participant in the race against closing connections. */
export interface RaceOutcome {
  readonly participant: string
  /** Requests to make. */
  readonly requests: number
  readonly lost: number
  readonly errors: ErrorCounts
}

/**
 * Race in which requests meet a connection just as its upstream closes it for idleness. All
 * participants run at once, since only losses are counted.
 */
export interface CloseRace {
  /**
   * Idle time after which the upstream closes; each connection is used again at about that time.
   */
  readonly idleMs: number
  readonly connections: number
  readonly outcomes: readonly RaceOutcome[]
}

/** Record of one scenario, without conclusions. */
export interface RunRecord {
  readonly scenario: Scenario
  readonly upstream: UpstreamDescription
  readonly stoppingRule: string
  /** Requests that each process makes before its first block. */
  readonly waking: number
  readonly blocks: readonly Block[]
  /** Timelines of all participants but the second copy of the baseline. */
  readonly timelines: readonly Timeline[]
  /** Outcome of the race; null without one. */
  readonly closeRace: CloseRace | null
}

/** Record of one scenario, with its summary. */
export interface Run extends RunRecord {
  readonly summary: Summary
}

/** Whole result; every other form is made from it. */
export interface BenchResult {
  readonly schema: typeof BENCH_SCHEMA
  /** Version of the bench package. */
  readonly version: string
  /** Commit of the checkout that ran; null outside of one. */
  readonly commit: string | null
  /** Versions of the measured libraries. */
  readonly versions: Readonly<Record<string, string>>
  /** Start of the command, ISO 8601. */
  readonly startedAt: string
  readonly machine: Machine
  readonly pinning: CpuPinning
  readonly isolation: Isolation
  /** Share of all CPU time, from 0 to 1, that other programs took before the first run. */
  readonly busyShare: number | null
  /** Warnings about the circumstances. */
  readonly warnings: readonly string[]
  readonly runs: readonly Run[]
}

/** Conclusions from the blocks. */
export interface Summary {
  /** Slices whose witnesses disagree. Their times are not used. */
  readonly invalidSlices: number
  readonly slices: number
  /** Factor, at least 1, by which the baseline differs from itself; null if not known. */
  readonly noiseFloor: Readonly<Record<MetricName, number | null>>
  readonly participants: readonly ParticipantSummary[]
  readonly comparisons: readonly Comparison[]
  /** Setting to take, where the run compares several of ours. */
  readonly recommendation: Recommendation | null
}

/**
 * Summary of a participant. Times are medians over the valid measured slices; counts are sums over
 * all slices.
 */
export interface ParticipantSummary {
  readonly participant: string
  readonly cpuPerRequestUs: number | null
  readonly userCpuPerRequestUs: number | null
  readonly requestsPerSecond: number | null
  /** Heap of an idle connection; null where the workload does not measure it. */
  readonly bytesPerConnection: number | null
  readonly p50Us: number | null
  readonly p99Us: number | null
  /** All latencies of the valid measured slices. */
  readonly latency: readonly LatencyBucket[]
  /** Answers received. */
  readonly requests: number
  /** Requests to make. */
  readonly attempted: number
  /** Requests that the client lost, including those that the gateway answered by 502. */
  readonly failed: number
  readonly errors: ErrorCounts
  /**
   * Connections that the upstream counted, warm-up included, since a connection opened there serves
   * later slices; null where the upstream cannot be asked.
   */
  readonly connections: number | null
  readonly kernelConnections: number | null
  /** Requests by connection; null if no connection was opened. */
  readonly requestsPerConnection: number | null
  readonly timeWaits: TimeWaits | null
}

/** Metric of one participant divided by the same metric of another. */
export interface Comparison extends PairedRatio {
  readonly metric: MetricName
  readonly candidate: string
  readonly reference: string
  readonly verdict: Verdict
}
