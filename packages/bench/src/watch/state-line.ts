import type { TcpState } from '@holdfast/core/tcp'

/** Line of one of the eleven states. */
export interface StateLine {
  readonly state: TcpState
  readonly count: number
  /** Difference to the frame before; null in the first. */
  readonly delta: number | null
  /** Counts up to now, the oldest first. */
  readonly history: readonly number[]
}
