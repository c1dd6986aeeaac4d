import type { CloseReason } from '@holdfast/core'
import {
  DestinationPorts,
  type PortUsage,
  type TimeWaitHolder,
  TimeWaitLedger,
  timeWaitHolderAfter,
} from '@holdfast/core/tcp'
import { monotonicNowMs } from '../clock.ts'
import { endingOf } from '../closing/socket-ending.ts'
import { DeadlineTimer } from '../deadline-timer.ts'
import { publishProcessEvent } from '../observe/diagnostics.ts'
import type { SocketCarrier } from '../socket-carrier.ts'
import { destinationOf } from '../socket-handle.ts'
import { findEphemeralPorts } from './ephemeral-ports.ts'

let ports: DestinationPorts | undefined
let timer: DeadlineTimer

/**
 * Ports belong to the process, whichever of its agents and dispatchers uses them, so that there is one
 * count for all. The sysctl is read when the first connection opens.
 */
const portsOfProcess = (): DestinationPorts => {
  if (ports === undefined) {
    const { first, last } = findEphemeralPorts()
    ports = new DestinationPorts(
      new TimeWaitLedger({ firstPort: first, lastPort: last }),
      publishProcessEvent,
    )
    timer = new DeadlineTimer(ports)
  }
  return ports
}

/** A connection has been opened; what is no TCP socket holds no port. */
export const takePort = (carrier: SocketCarrier): void => {
  const name = carrier.socket && destinationOf(carrier.socket)
  if (name === undefined) return
  const nowMs = monotonicNowMs()
  carrier.destination = portsOfProcess().open(name, nowMs)
  timer.follow(nowMs)
}

const leavePort = (carrier: SocketCarrier, holder: TimeWaitHolder | 'unknown'): void => {
  const { destination } = carrier
  if (destination === undefined) return
  const nowMs = monotonicNowMs()
  carrier.destination = undefined
  portsOfProcess().close(destination, holder, nowMs)
  timer.follow(nowMs)
}

/** The connection is closed; which side TIME_WAIT is on, the way it ended tells. */
export const freePort = (carrier: SocketCarrier, reason: CloseReason): void =>
  leavePort(carrier, timeWaitHolderAfter(endingOf(carrier, reason), 'closed'))

/** The connection lives on out of sight. */
export const forgetPort = (carrier: SocketCarrier): void => leavePort(carrier, 'unknown')

/** The ephemeral ports that connections of this process hold, TIME_WAITs included. O(destinations). */
export const portUsage = (): PortUsage => portsOfProcess().usage(monotonicNowMs())
