export type { CloseReason } from './connection/close-reason.ts'
export type { Connection, ConnectionOrigin, RequestWaiter } from './connection/connection.ts'
export {
  type ConnectionEvent,
  type HoldfastEvent,
  POOL_EVENT_MEANINGS,
  POOL_EVENT_TYPES,
  PORT_EVENT_MEANINGS,
  PORT_EVENT_TYPES,
  type PoolEvent,
  type PoolEventType,
  type PoolListener,
  type PortEvent,
  type PortEventType,
} from './connection/events.ts'
export {
  LIFECYCLE_EVENTS,
  type LifecycleEvent,
  STATE_NAMES,
  type StateName,
  TRANSITIONS,
} from './connection/lifecycle.ts'
export type { OriginTarget } from './connection/origin-target.ts'
export type { OriginStats, PoolStats } from './connection/stats.ts'
export { MAX_HAND_ONS } from './dialing/dial-scheduler.ts'
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
export {
  CHOICES,
  type Choice,
  type ChoiceField,
  describeChoices,
  describeGroup,
  describeLimit,
  FLAGS,
  type Flag,
  type FlagField,
  GROUPS,
  type Group,
  type GroupField,
  LIMITS,
  type Limit,
  type NumericField,
} from './policies/limits.ts'
export type { PolicyOptions } from './policies/policy-options.ts'
export { POLICY_FIELDS, type ResolvedPolicy, resolvePolicy } from './policies/resolve-policy.ts'
export { Pool } from './pool.ts'
export { type CloseFacts, type CloseMethod, closeMethodFor } from './tcp/close-method.ts'
export { type Destination, DestinationPorts, type PortUsage } from './tcp/destination-ports.ts'
export {
  connectionsPerSecond,
  LINUX_EPHEMERAL_PORTS,
  LINUX_TIME_WAIT_MS,
  type PortRange,
  portCount,
} from './tcp/port-budget.ts'
export { DEFAULT_TCP_KEEP_ALIVE, type TcpKeepAlive } from './tcp/tcp-keep-alive.ts'
export {
  TCP_EVENT_MEANINGS,
  TCP_EVENT_NAMES,
  TCP_STATE_MEANINGS,
  type TcpStateMeaning,
} from './tcp/tcp-state-meanings.ts'
export {
  parseTcpState,
  TCP_STATE_SPELLINGS,
  type TcpStateSpelling,
} from './tcp/tcp-state-spellings.ts'
export {
  nextTcpState,
  TCP_STATE_NAMES,
  TCP_TRANSITIONS,
  type TcpEvent,
  type TcpOpening,
  type TcpState,
  type TcpTarget,
} from './tcp/tcp-states.ts'
export { TcpTracker } from './tcp/tcp-tracker.ts'
export {
  type SocketObservation,
  TCP_VIEW_NAMES,
  TCP_VIEWS,
  type TcpView,
  type TcpViewName,
  type TimeWaitHolder,
} from './tcp/tcp-views.ts'
export { timeWaitHolderAfter } from './tcp/time-wait-holder-after.ts'
export {
  TIME_WAIT_LEDGER_LIMITS,
  TimeWaitLedger,
  type TimeWaitLedgerOptions,
} from './tcp/time-wait-ledger.ts'
export type { Reason } from './upstream/bid.ts'
export {
  deadPeerDetectionMs,
  LINUX_TCP_KEEP_ALIVE_SYSCTLS,
  type TcpKeepAliveSysctls,
} from './upstream/dead-peer-detection.ts'
export type { Given, OwnProfile } from './upstream/own-profile.ts'
export { type PathPolicy, type PolicyForOptions, policyFor } from './upstream/policy-for.ts'
export { PROFILES, type ProfileName } from './upstream/profiles.ts'
export type { PathMember } from './upstream/read-path.ts'
export {
  type CloseHabit,
  documented,
  type Fact,
  type HintHabit,
  measured,
  type ProfileKind,
  type ProfileRole,
  type UpstreamProfile,
  unverified,
  type Verification,
} from './upstream/upstream-profile.ts'
