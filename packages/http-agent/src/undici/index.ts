/**
 * `KeepAliveDispatcher`, for `fetch` and undici.
 *
 * @module @holdfast/http-agent/undici
 */

export type { RequestRecord } from '../driver/request-record.ts'
export type { KeepAliveDispatcherOptions } from './dispatcher-options.ts'
export { KeepAliveDispatcher } from './keep-alive-dispatcher.ts'
export { requestRecord } from './request-record.ts'
