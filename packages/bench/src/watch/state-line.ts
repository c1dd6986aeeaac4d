import type { TcpState } from '@holdfast/core/tcp'

/** One of the eleven states. */
export interface StateLine {
  readonly state: TcpState
  readonly count: number
  /** Against the frame before; null in the first. */
  readonly delta: number | null
  /** Up to and including now, the oldest first. */
  readonly history: readonly number[]
}
