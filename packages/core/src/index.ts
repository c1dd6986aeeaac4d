/**
 * The pool as a pure state machine, with its policies and errors.
 *
 * @module @holdfast/core
 */

export type { Address } from './addresses/address.ts'
export type { AddressKeeper } from './addresses/address-keeper.ts'
export type { AddressRules } from './addresses/address-rules.ts'
export type { Answer, ResolvedAddress } from './addresses/answer.ts'
export { type Freshness, LastAnswer, LOOKUP_PATIENCE_MS } from './addresses/last-answer.ts'
export type { CloseReason } from './connection/close-reason.ts'
export type { Connection, ConnectionOrigin, RequestWaiter } from './connection/connection.ts'
export {
  type ConnectionEvent,
  type HoldfastEvent,
  NAME_EVENT_TYPES,
  type NameEvent,
  type NameEventType,
  POOL_EVENT_TYPES,
  PORT_EVENT_TYPES,
  type PoolEvent,
  type PoolEventType,
  type PoolListener,
  type PortEvent,
  type PortEventType,
} from './connection/events.ts'
export type { StateName } from './connection/lifecycle.ts'
export type { OriginTarget } from './connection/origin-target.ts'
export { REJECTION_CODES, type RejectionCode } from './connection/rejection-code.ts'
export type { OriginStats, PoolStats } from './connection/stats.ts'
export type { Effects, Look } from './effects.ts'
export {
  AcquireTimeoutError,
  type ErrorCode,
  HoldfastError,
  IllegalTransitionError,
  InvalidArgumentError,
  InvalidOptionError,
  type Occupancy,
  PoolClosedError,
  QueueFullError,
  ResponseTimeoutError,
} from './errors.ts'
export type { Scheduling } from './idle/idle-set.ts'
export { type Bounds, checkNumber } from './options/bounds.ts'
export type { Caps } from './options/caps.ts'
export type { PoolOptions } from './options/pool-options.ts'
export { type KnownOptions, refuseUnknownOptions, unknownOption } from './options/unknown-option.ts'
export { FOREIGN_NAMES } from './policies/foreign-names.ts'
export { type KeepAliveHint, parseKeepAliveHeader } from './policies/keep-alive-header.ts'
export { LIMITS, type Limit, type NumericField } from './policies/limits.ts'
export type { PolicyOptions } from './policies/policy-options.ts'
export { POLICY_FIELDS, type ResolvedPolicy, resolvePolicy } from './policies/resolve-policy.ts'
export { Pool } from './pool.ts'
export { afterLoss, type LossFacts, type LossVerdict } from './request/after-loss.ts'
export { PoolRequest } from './request/pool-request.ts'
export { isCovered, isIdempotent, type Repeatability } from './request/replay-coverage.ts'
export { failureOf, type RequestFailure, unsentFailure } from './request/request-failure.ts'
export type { RequestStateName } from './request/request-lifecycle.ts'
export type { Loss, RequestRegistry } from './request/request-registry.ts'
export type { TcpKeepAlive } from './tcp/tcp-keep-alive.ts'
