import type { PolicyOptions } from '@holdfast/core'
import { KeepAliveDispatcher } from './keep-alive-dispatcher.ts'
import { GLOBAL_DISPATCHERS } from './peer/undici-internals.ts'

/** A dispatcher that is to be the global one. */
export interface GlobalDispatcher {
  readonly dispatcher: KeepAliveDispatcher
  /** Makes it the global dispatcher of every undici, Node's own included. */
  readonly install: () => void
}

/**
 * Makes a dispatcher for all requests that name none. Every undici looks for it by one of two names, and
 * it speaks with handlers of both kinds; undici's own `setGlobalDispatcher` would check it against a class
 * of its own version.
 */
export const createGlobalDispatcher = (policy: PolicyOptions): GlobalDispatcher => {
  const dispatcher = new KeepAliveDispatcher({ policy })
  const install = (): void => {
    for (const name of GLOBAL_DISPATCHERS) {
      Object.defineProperty(globalThis, name, {
        value: dispatcher,
        writable: true,
        enumerable: false,
        configurable: false,
      })
    }
  }
  return { dispatcher, install }
}
