/** What a metric is computed from. */
export interface Measured {
  readonly completed: number
  readonly elapsedMs: number
  readonly cpuUserUs: number
  readonly cpuSystemUs: number
}

export type MetricName = 'cpuPerRequest' | 'userCpuPerRequest' | 'throughput'

/** A figure by which variants are compared. */
export interface Metric {
  readonly lowerIsBetter: boolean
  readonly of: (slice: Measured) => number
}

/** CPU comes first: it is steadier than time, and it is what a service pays for. */
export const METRICS: Readonly<Record<MetricName, Metric>> = {
  /** Microseconds of the client process per request, in user space and in the kernel. */
  cpuPerRequest: {
    lowerIsBetter: true,
    of: ({ cpuUserUs, cpuSystemUs, completed }) => (cpuUserUs + cpuSystemUs) / completed,
  },
  /** In user space alone: a client can save nothing of what the kernel does for it. */
  userCpuPerRequest: {
    lowerIsBetter: true,
    of: ({ cpuUserUs, completed }) => cpuUserUs / completed,
  },
  /** Requests per second. */
  throughput: {
    lowerIsBetter: false,
    of: ({ completed, elapsedMs }) => (completed / elapsedMs) * 1000,
  },
}

export const METRIC_NAMES: readonly MetricName[] = Object.keys(METRICS) as MetricName[]
