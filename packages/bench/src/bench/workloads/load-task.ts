import type { Workload } from './workload.ts'

/** What whoever makes the requests is asked to do. */
export interface LoadTask {
  readonly workload: Workload
  /** Requests in progress at most, but for an open loop. */
  readonly concurrency: number
  /** Requests in all. */
  readonly amount: number
  /** Origins that take turns. */
  readonly origins: number
  /** A request that takes longer is given up. */
  readonly timeoutMs: number
  /** Determines the pauses. */
  readonly seed: number
}
