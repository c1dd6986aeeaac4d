import { type RequestRecord, recordOf } from '../driver/request-record.ts'
import { DispatchedRequest } from './request/dispatched-request.ts'

/**
 * The record of a request that was made through a `KeepAliveDispatcher`, at any time of its life;
 * `undefined` for any other one. It is put together when it is asked for.
 *
 * @param controller What a handler is given in `onRequestStart` and in each of its calls since. An
 * interceptor finds it there, too.
 */
export const requestRecord = (controller: object): RequestRecord | undefined =>
  controller instanceof DispatchedRequest ? recordOf(controller) : undefined
