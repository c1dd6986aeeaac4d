import type { Dispatcher } from 'undici'
import type { AnyHandler } from '../peer/undici-module.ts'
import { withController } from './handler-of-both-kinds.ts'

type Dispatch = (options: Dispatcher.DispatchOptions, handler: AnyHandler) => boolean
type Interceptor = (...given: readonly unknown[]) => unknown

/** What undici takes for a `dispatch`. It complains of anything else. */
const isDispatch = (made: unknown): made is Dispatch =>
  typeof made === 'function' && made.length === 2

/**
 * Lets an interceptor serve callers with handlers of the old kind. Those of undici 7 and 8 call their handlers
 * with a controller only, and it is `compose` of undici 7 that wraps the others; that of undici 8 does not, so
 * that they would never hear of anything.
 */
export const interceptorForBothKinds = (interceptor: unknown): unknown => {
  if (typeof interceptor !== 'function') return interceptor
  return (...given: readonly unknown[]): unknown => {
    const dispatch = (interceptor as Interceptor)(...given)
    if (!isDispatch(dispatch)) return dispatch
    const dispatchBothKinds: Dispatch = (options, handler) =>
      dispatch(options, withController(handler))
    return dispatchBothKinds
  }
}
