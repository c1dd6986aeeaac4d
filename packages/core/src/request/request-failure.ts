import { isIdempotent, type Repeatability } from './replay-coverage.ts'

/**
 * The facts of a request that failed. Agents and dispatcher add them to the error of the request.
 */
export interface RequestFailure {
  /** Whether the connection had served another request before. */
  readonly reusedSocket: boolean
  /** Bytes of the request that were handed to the system. The number that arrived is not known. */
  readonly bytesWritten: number
  /** Whether any byte of a response has come. */
  readonly responseStarted: boolean
  /** Whether it was sent before, on a connection that turned out to be dead. */
  readonly replayed: boolean
  /**
   * Whether the request can be made again without doing anything twice: it never left this process,
   * or its method is idempotent, or it has an `Idempotency-Key`.
   */
  readonly safeToRetry: boolean
}

/** The facts that a failure is described from. */
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
  // A request that was sent before may arrive twice: otherwise it would not have been sent again.
  safeToRetry: true,
})
