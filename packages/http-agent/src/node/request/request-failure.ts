import type { EventEmitter } from 'node:events'

/**
 * What is known of a request that failed, as properties of its error. The error itself is Node's
 * own, with Node's message and code.
 */
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

/** The failure of a request that never got a connection to write to. */
export const unsentFailure = (replayed: boolean): RequestFailure => ({
  reusedSocket: false,
  bytesWritten: 0,
  responseStarted: false,
  replayed,
  // What was sent before may arrive twice, or it would not have been sent again.
  safeToRetry: true,
})

/** Adds what is known to an error. What is no object that can be added to, stays as it is. */
export const describeFailure = (error: unknown, failure: RequestFailure): void => {
  // Not by its class: the tests of jest have an Error of their own.
  if (typeof error === 'object' && error !== null && Object.isExtensible(error)) {
    Object.assign(error, failure)
  }
}

/**
 * Adds what is known to the errors that a failing request or response is about to emit, and reports
 * that it has failed. Node makes them in the middle of things, where nobody else gets hold of them.
 */
export const describeErrorsOf = (
  emitter: EventEmitter,
  failure: RequestFailure,
  onFailed: () => void,
): void => {
  const { emit } = emitter
  emitter.emit = (event: string | symbol, ...values: unknown[]): boolean => {
    if (event === 'error') {
      describeFailure(values[0], failure)
      onFailed()
    }
    return emit.call(emitter, event, ...values)
  }
}
