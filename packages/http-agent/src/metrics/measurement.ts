/** Something that is being measured. */
export interface Measurement {
  /** Ends it; what was recorded stays. */
  readonly stop: () => void
}

/** Bounds of the buckets for how long connections live, in seconds. */
export const DURATION_BUCKETS: readonly number[] = [
  0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300,
]

/** Bounds of the buckets for how long requests wait for a connection, in seconds. */
export const QUEUE_BUCKETS: readonly number[] = [
  0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
]
