import type { EventEmitter } from 'node:events'
import type { RequestFailure } from '@holdfast/core'

/** Adds the facts to an error. A value that cannot take properties stays as it is. */
export const describeFailure = (error: unknown, failure: RequestFailure): void => {
  // Not by its class: jest gives its tests an Error class of their own.
  if (typeof error === 'object' && error !== null && Object.isExtensible(error)) {
    Object.assign(error, failure)
  }
}

/**
 * Adds the facts to the errors that a failing request or response is about to emit, and reports that it
 * has failed. Node creates these errors inside its client and emits them at once, so `emit` is replaced.
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
