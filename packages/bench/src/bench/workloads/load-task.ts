import type { Workload } from './workload.ts'

/** Requests to make. */
export interface LoadTask {
  readonly workload: Workload
  /** Requests in progress at most; an open loop may have more. */
  readonly concurrency: number
  /** Requests in all. */
  readonly amount: number
  /** Origins that take turns. */
  readonly origins: number
  /** Time after which a request is given up. */
  readonly timeoutMs: number
  /** Seed of the pauses. */
  readonly seed: number
}
