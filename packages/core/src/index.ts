export type { Caps } from './caps.ts'
export type { CloseReason } from './close-reason.ts'
export type { Connection, ConnectionOrigin, RequestWaiter } from './connection.ts'
export type { Effects } from './effects.ts'
export {
  AcquireTimeoutError,
  type ErrorCode,
  HoldfastError,
  IllegalTransitionError,
  InvalidOptionError,
  type Occupancy,
  PoolClosedError,
  QueueFullError,
} from './errors.ts'
export type { PoolEvent, PoolEventType } from './events.ts'
export type { Scheduling } from './idle-set.ts'
export { type KeepAliveHint, parseKeepAliveHeader } from './keep-alive-header.ts'
export {
  LIFECYCLE_EVENTS,
  type LifecycleEvent,
  STATE_NAMES,
  type StateName,
  TRANSITIONS,
} from './lifecycle.ts'
export {
  CHOICES,
  type Choice,
  type ChoiceField,
  describeChoices,
  describeLimit,
  FLAGS,
  type Flag,
  type FlagField,
  LIMITS,
  type Limit,
  type NumericField,
} from './policies/limits.ts'
export type { PolicyOptions } from './policies/policy-options.ts'
export { type ResolvedPolicy, resolvePolicy } from './policies/resolve-policy.ts'
export { Pool } from './pool.ts'
export type { PoolOptions } from './pool-options.ts'
export type { OriginStats, PoolStats } from './stats.ts'
export { MAX_HAND_ONS } from './turns.ts'
