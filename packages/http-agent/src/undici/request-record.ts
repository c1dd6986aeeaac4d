import { type RequestRecord, recordOf } from '../driver/request-record.ts'
import { DispatchedRequest } from './request/dispatched-request.ts'

/**
 * Returns the record of a request that was made through a `KeepAliveDispatcher`, at any time of its
 * life; `undefined` for any other one. It is built at each call.
 *
 * @param controller The controller that a handler, or an interceptor, gets in `onRequestStart` and
 * in each later call.
 */
export const requestRecord = (controller: object): RequestRecord | undefined =>
  controller instanceof DispatchedRequest ? recordOf(controller) : undefined
