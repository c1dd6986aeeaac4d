import { isIdempotent, type Repeatability } from './replay-coverage.ts'

/** What is known of a request that failed. Agents and dispatcher add it to the error of the request. */
export interface RequestFailure {
  /** Whether the connection had served another request before. */
  readonly reusedSocket: boolean
  /** How much of the request, in bytes, was handed to the system; how much arrived, nobody knows. */
  readonly bytesWritten: number
  /** Whether any byte of a response has come. */
  readonly responseStarted: boolean
  /** Whether it was sent before, on a connection that turned out dead. */
  readonly replayed: boolean
  /**
   * Whether the request can be made again without doing anything twice: it certainly never left this
   * process, or its method is idempotent, or it has an `Idempotency-Key`.
   */
  readonly safeToRetry: boolean
}

/** What a failure is told from. */
export type FailureFacts = Omit<RequestFailure, 'safeToRetry'> & {
  readonly request: Repeatability
}

/** Describes the failure of a request that had a connection. */
export const failureOf = ({ request, ...seen }: FailureFacts): RequestFailure => ({
  ...seen,
  safeToRetry: (seen.bytesWritten === 0 && !seen.replayed) || isIdempotent(request),
})

/** Describes the failure of a request that never got a connection to write to. */
export const unsentFailure = (replayed: boolean): RequestFailure => ({
  reusedSocket: false,
  bytesWritten: 0,
  responseStarted: false,
  replayed,
  // Whatever was sent before may arrive twice: else it would not have been sent again.
  safeToRetry: true,
})
