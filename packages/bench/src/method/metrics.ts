/** What a metric is computed from. */
export interface Measured {
  readonly completed: number
  readonly elapsedMs: number
  readonly cpuUs: number
}

export type MetricName = 'cpuPerRequest' | 'throughput'

/** A figure by which variants are compared. */
export interface Metric {
  readonly lowerIsBetter: boolean
  readonly of: (slice: Measured) => number
}

/** CPU comes first: it is steadier than time, and it is what a service pays for. */
export const METRICS: Readonly<Record<MetricName, Metric>> = {
  /** Microseconds of the client process per request. */
  cpuPerRequest: { lowerIsBetter: true, of: ({ cpuUs, completed }) => cpuUs / completed },
  /** Requests per second. */
  throughput: {
    lowerIsBetter: false,
    of: ({ completed, elapsedMs }) => (completed / elapsedMs) * 1000,
  },
}
