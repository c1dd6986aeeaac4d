import type { ConnectionRow } from '../driver/observe/connection-row.ts'
import type { DriverStats } from '../driver/observe/driver-stats.ts'

/** The version of the answer; it changes with every change that is not an addition. */
export const REPORT_SCHEMA = 'holdfast.pools/1'

/** The part of an agent or a dispatcher that is published. */
export interface PublishedPool {
  /** Returns the counters and gauges that are published. */
  readonly stats: () => DriverStats
  /** Returns the connections that are published, one row for each. */
  readonly inspect: () => readonly ConnectionRow[]
}

/** A snapshot of one pool. */
export interface PoolReport {
  /** The name that its process gave it. */
  readonly name: string
  /** Its counters and gauges. */
  readonly stats: DriverStats
  /** One row for each of its connections. */
  readonly connections: readonly ConnectionRow[]
}

/** The answer of a process that publishes its pools. In its JSON, infinite numbers are null. */
export interface ProcessReport {
  readonly schema: typeof REPORT_SCHEMA
  readonly pid: number
  readonly pools: readonly PoolReport[]
}
