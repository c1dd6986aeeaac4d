export type {
  CloseReason,
  OriginStats,
  PolicyOptions,
  PoolEvent,
  PoolEventType,
  PoolStats,
  StateName,
  TcpState,
} from '@holdfast/core'
export type { ConnectionRow } from './driver/connection-row.ts'
export { DIAGNOSTICS_CHANNELS, type DiagnosticsMessage } from './driver/diagnostics.ts'
export type { DrainOptions, DrainResult } from './driver/drain.ts'
export type { DriverOriginStats, DriverStats } from './driver/driver-stats.ts'
export type { WarmResult } from './driver/warm-ups.ts'
export { HttpAgent, type HttpAgentOptions } from './node/http-agent.ts'
export { HttpsAgent, type HttpsAgentOptions } from './node/https-agent.ts'
export type { RequestFailure } from './node/request-failure.ts'
export { type RequestRecord, requestRecord } from './node/request-record.ts'
