/** A measurement in progress. */
export interface Measurement {
  /** Ends the measurement. Recorded values stay. */
  readonly stop: () => void
}

/** Bucket bounds for the duration of connections, in seconds. */
export const DURATION_BUCKETS: readonly number[] = [
  0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300,
]

/** Bucket bounds for the time that requests wait for a connection, in seconds. */
export const QUEUE_BUCKETS: readonly number[] = [
  0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
]
