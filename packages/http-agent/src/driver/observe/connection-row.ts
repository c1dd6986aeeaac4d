import type { CloseReason, Connection, StateName } from '@holdfast/core'
import type { TcpState } from '@holdfast/core/tcp'
import type { SocketCarrier } from '../socket-carrier.ts'
import { observedTcpView } from './observed-tcp-view.ts'
import { endpointsOf, type SocketEndpoints } from './socket-endpoints.ts'

/** A connection at the instant of the call. */
export interface ConnectionRow extends SocketEndpoints {
  /** Unique within the agent or dispatcher, from 1; the events name it `connectionId`. */
  readonly id: number
  /** The name of its origin, whose connections may replace each other. */
  readonly origin: string
  /**
   * The state of its life. `lingering` waits for its peer to close first; it and `closing` hold a
   * file descriptor.
   */
  readonly state: StateName
  /** The TCP state as far as the process can see; `undefined` where there is no TCP socket. */
  readonly tcpState: TcpState | undefined
  /**
   * Other states that it may be in: those that look the same from user space, and those that unread
   * bytes would have led to.
   */
  readonly tcpStateAlternatives: readonly TcpState[]
  /** Milliseconds since it opened, or since its dial began where it has not. */
  readonly ageMs: number
  /** Milliseconds since its last request was served, or since it opened; idle connections only. */
  readonly idleMs: number | undefined
  /** Requests that it has served, the present one included. */
  readonly requestCount: number
  /**
   * Milliseconds until it is closed, unless a request comes or its peer closes first; only for idle
   * and lingering connections.
   */
  readonly expiresInMs: number | undefined
  /** The reason why it takes no further request; `undefined` while it may take one. */
  readonly closeReason: CloseReason | undefined
}

export const connectionRow = <Transport extends SocketCarrier, Request>(
  connection: Connection<Transport, Request>,
  nowMs: number,
): ConnectionRow => {
  const { id, origin, stateName, hasOpened, requestCount, closeReason } = connection
  const socket = connection.transport?.socket
  const view = observedTcpView(socket)
  const isIdle = stateName === 'idle'
  const isExpiring = isIdle || stateName === 'lingering'
  return {
    id,
    origin: origin.name,
    state: stateName,
    tcpState: view?.state,
    tcpStateAlternatives: view === undefined ? [] : [...view.indistinguishable, ...view.unread],
    ...endpointsOf(socket),
    ageMs: nowMs - (hasOpened ? connection.openedAtMs : connection.createdAtMs),
    idleMs: isIdle ? nowMs - connection.idleSinceMs : undefined,
    requestCount,
    expiresInMs: isExpiring ? Math.max(0, connection.expiresAtMs - nowMs) : undefined,
    closeReason,
  }
}
