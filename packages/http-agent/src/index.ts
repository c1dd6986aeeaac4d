/**
 * `HttpAgent` and `HttpsAgent`, for `http.request` and for clients that take an agent.
 *
 * @module @holdfast/http-agent
 */

export {
  AcquireTimeoutError,
  type CloseReason,
  type ErrorCode,
  HoldfastError,
  InvalidArgumentError,
  InvalidOptionError,
  type OriginStats,
  type PolicyOptions,
  PoolClosedError,
  type PoolEvent,
  type PoolEventType,
  type PoolStats,
  QueueFullError,
  type RequestFailure,
  ResponseTimeoutError,
  type StateName,
} from '@holdfast/core'
export type { TcpState } from '@holdfast/core/tcp'
export { type PathPolicy, type PolicyForOptions, policyFor } from '@holdfast/core/upstreams'
export type { DrainOptions, DrainResult } from './driver/drain.ts'
export type { ConnectionRow } from './driver/observe/connection-row.ts'
export { DIAGNOSTICS_CHANNELS, type DiagnosticsMessage } from './driver/observe/diagnostics.ts'
export type { DialPhases } from './driver/observe/dial-watch.ts'
export type { DriverOriginStats, DriverStats } from './driver/observe/driver-stats.ts'
export type { RequestRecord } from './driver/request-record.ts'
export type { WarmResult } from './driver/warm-ups.ts'
export { HttpAgent, type HttpAgentOptions } from './node/http-agent.ts'
export { HttpsAgent, type HttpsAgentOptions } from './node/https-agent.ts'
export { requestRecord } from './node/request/request-record.ts'
