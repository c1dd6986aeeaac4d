import type { Dispatcher } from 'undici'
import type { AnyHandler } from '../peer/undici-module.ts'
import { withController } from './handler-of-both-kinds.ts'

type Dispatch = (options: Dispatcher.DispatchOptions, handler: AnyHandler) => boolean
type Interceptor = (...given: readonly unknown[]) => unknown

/** A value that undici accepts as `dispatch`; it refuses anything else. */
const isDispatch = (made: unknown): made is Dispatch =>
  typeof made === 'function' && made.length === 2

/**
 * Lets an interceptor serve callers with handlers of the old kind. Interceptors of undici 7 and 8
 * call handlers only with a controller. `compose` of undici 7 wraps handlers of the old kind; that
 * of undici 8 does not, so they would never be called.
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
