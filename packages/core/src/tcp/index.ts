/**
 * The TCP states as a table, and the TIME_WAITs and ports that connections leave behind.
 *
 * @module @holdfast/core/tcp
 */

export { type CloseFacts, type CloseMethod, closeMethodFor } from './close-method.ts'
export { type Destination, DestinationPorts, type PortUsage } from './destination-ports.ts'
export {
  connectionsPerSecond,
  LINUX_EPHEMERAL_PORTS,
  LINUX_TIME_WAIT_MS,
  type PortRange,
  portCount,
} from './port-budget.ts'
export { DEFAULT_TCP_KEEP_ALIVE } from './tcp-keep-alive.ts'
export {
  TCP_EVENT_MEANINGS,
  TCP_EVENT_NAMES,
  TCP_STATE_MEANINGS,
  type TcpStateMeaning,
} from './tcp-state-meanings.ts'
export {
  parseTcpState,
  TCP_STATE_SPELLINGS,
  type TcpStateSpelling,
} from './tcp-state-spellings.ts'
export {
  nextTcpState,
  TCP_STATE_NAMES,
  TCP_TRANSITIONS,
  type TcpEvent,
  type TcpOpening,
  type TcpState,
  type TcpTarget,
} from './tcp-states.ts'
export { TcpTracker } from './tcp-tracker.ts'
export {
  type SocketObservation,
  TCP_VIEW_NAMES,
  TCP_VIEWS,
  type TcpView,
  type TcpViewName,
  type TimeWaitHolder,
} from './tcp-views.ts'
export { timeWaitHolderAfter } from './time-wait-holder-after.ts'
export {
  TIME_WAIT_LEDGER_LIMITS,
  TimeWaitLedger,
  type TimeWaitLedgerOptions,
} from './time-wait-ledger.ts'
