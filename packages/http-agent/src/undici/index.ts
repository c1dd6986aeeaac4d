/**
 * `KeepAliveDispatcher`, for `fetch` and undici.
 *
 * @module @holdfast/http-agent/undici
 */

export type { KeepAliveDispatcherOptions } from './dispatcher-options.ts'
export { KeepAliveDispatcher } from './keep-alive-dispatcher.ts'
