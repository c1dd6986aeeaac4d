import type { ConnectionRow } from '../driver/observe/connection-row.ts'
import type { DriverStats } from '../driver/observe/driver-stats.ts'

/** The version of the answer; it changes with every change that is not an addition. */
export const REPORT_SCHEMA = 'holdfast.pools/1'

/** An agent or a dispatcher. */
export interface PublishedPool {
  /** The counters and gauges that are published. */
  readonly stats: () => DriverStats
  /** The connections that are published, one row for each. */
  readonly inspect: () => readonly ConnectionRow[]
}

/** One pool, as it is when it is asked. */
export interface PoolReport {
  /** As its process calls it. */
  readonly name: string
  /** Its counters and gauges. */
  readonly stats: DriverStats
  /** One row for each of its connections. */
  readonly connections: readonly ConnectionRow[]
}

/** What a process that publishes its pools answers, as JSON; what is infinite there is null. */
export interface ProcessReport {
  readonly schema: typeof REPORT_SCHEMA
  readonly pid: number
  readonly pools: readonly PoolReport[]
}
