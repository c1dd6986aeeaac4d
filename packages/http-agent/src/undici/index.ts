export type { KeepAliveDispatcherOptions } from './dispatcher-options.ts'
export { KeepAliveDispatcher } from './keep-alive-dispatcher.ts'
