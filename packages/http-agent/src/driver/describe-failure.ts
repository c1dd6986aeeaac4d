import type { EventEmitter } from 'node:events'
import type { RequestFailure } from '@holdfast/core'

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
