import { type LatencyBucket, LatencyHistogram } from '../../statistics/latency-histogram.ts'

/** Figures that metrics are computed from. */
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

/** Figure that variants are compared by. */
export interface Metric {
  readonly lowerIsBetter: boolean
  /** Value of a slice; undefined where it was not measured. */
  readonly of: (slice: Measured) => number | undefined
}

function percentile(percent: number): Metric['of'] {
  return ({ latency }) => {
    const histogram = new LatencyHistogram()
    histogram.add(latency)
    return histogram.total === 0 ? undefined : histogram.percentile(percent)
  }
}

/** Metric without a value for slices that measure memory, whose time goes into that. */
function unlessIdle(of: (slice: Measured) => number): Metric['of'] {
  return (slice) => (slice.bytesPerConnection === null ? of(slice) : undefined)
}

/** Metrics. CPU comes first: it is steadier than time, and it is what a service pays for. */
export const METRICS: Readonly<Record<MetricName, Metric>> = {
  /** CPU time of the client process per request, in microseconds. */
  cpuPerRequest: {
    lowerIsBetter: true,
    of: unlessIdle(
      ({ cpuUserUs, cpuSystemUs, completed }) => (cpuUserUs + cpuSystemUs) / completed,
    ),
  },
  /** CPU time in user space, in microseconds; a client cannot save kernel time. */
  userCpuPerRequest: {
    lowerIsBetter: true,
    of: unlessIdle(({ cpuUserUs, completed }) => cpuUserUs / completed),
  },
  /** Requests per second. */
  throughput: {
    lowerIsBetter: false,
    of: unlessIdle(({ completed, elapsedMs }) => (completed / elapsedMs) * 1000),
  },
  /** Median latency in microseconds. */
  p50: { lowerIsBetter: true, of: percentile(50) },
  /** 99th percentile of latency in microseconds. */
  p99: { lowerIsBetter: true, of: percentile(99) },
  /** Heap of an idle connection, in bytes. */
  memoryPerConnection: {
    lowerIsBetter: true,
    of: ({ bytesPerConnection }) => bytesPerConnection ?? undefined,
  },
}

export const METRIC_NAMES: readonly MetricName[] = Object.keys(METRICS) as MetricName[]
