import { type LatencyBucket, LatencyHistogram } from '../../statistics/latency-histogram.ts'

/** What a metric is computed from. */
export interface Measured {
  readonly completed: number
  readonly elapsedMs: number
  readonly cpuUserUs: number
  readonly cpuSystemUs: number
  readonly latency: readonly LatencyBucket[]
  readonly bytesPerConnection: number | null
}

export type MetricName =
  | 'cpuPerRequest'
  | 'userCpuPerRequest'
  | 'throughput'
  | 'p50'
  | 'p99'
  | 'memoryPerConnection'

/** A figure by which variants are compared. */
export interface Metric {
  readonly lowerIsBetter: boolean
  /** Undefined where it was not measured. */
  readonly of: (slice: Measured) => number | undefined
}

function percentile(percent: number): Metric['of'] {
  return ({ latency }) => {
    const histogram = new LatencyHistogram()
    histogram.add(latency)
    return histogram.total === 0 ? undefined : histogram.percentile(percent)
  }
}

/** A slice that opens connections to weigh them spends its time on weighing. */
function unlessIdle(of: (slice: Measured) => number): Metric['of'] {
  return (slice) => (slice.bytesPerConnection === null ? of(slice) : undefined)
}

/** CPU comes first: it is steadier than time, and it is what a service pays for. */
export const METRICS: Readonly<Record<MetricName, Metric>> = {
  /** Microseconds of the client process per request, in user space and in the kernel. */
  cpuPerRequest: {
    lowerIsBetter: true,
    of: unlessIdle(
      ({ cpuUserUs, cpuSystemUs, completed }) => (cpuUserUs + cpuSystemUs) / completed,
    ),
  },
  /** In user space alone: a client can save nothing of what the kernel does for it. */
  userCpuPerRequest: {
    lowerIsBetter: true,
    of: unlessIdle(({ cpuUserUs, completed }) => cpuUserUs / completed),
  },
  /** Requests per second. */
  throughput: {
    lowerIsBetter: false,
    of: unlessIdle(({ completed, elapsedMs }) => (completed / elapsedMs) * 1000),
  },
  /** Half of the latencies, in microseconds, are no longer. */
  p50: { lowerIsBetter: true, of: percentile(50) },
  /** All but one latency of a hundred are no longer. */
  p99: { lowerIsBetter: true, of: percentile(99) },
  /** Bytes of heap of an idle connection. */
  memoryPerConnection: {
    lowerIsBetter: true,
    of: ({ bytesPerConnection }) => bytesPerConnection ?? undefined,
  },
}

export const METRIC_NAMES: readonly MetricName[] = Object.keys(METRICS) as MetricName[]
