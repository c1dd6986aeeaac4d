// biome-ignore-all lint/style/useNamingConvention: the names are those of the observations.

import type { TcpState } from './tcp-states.ts'

/** An observation that a process makes of one of its sockets. */
export type SocketObservation =
  /** `connect` was called. */
  | 'connect_called'
  /** `connect` succeeded. */
  | 'connected'
  /** `accept` returned the socket. */
  | 'accepted'
  /** The end of the stream was read: the peer's FIN. */
  | 'fin_read'
  /** The own FIN was sent, by `shutdown`; the descriptor stays open. In Node: `'finish'`. */
  | 'fin_sent'
  /** The kernel gave the connection up: ECONNREFUSED, ECONNRESET, EPIPE, ETIMEDOUT. */
  | 'reset_received'
  /** The own RST was sent, by a close with SO_LINGER 0. In Node: `resetAndDestroy`. */
  | 'reset_sent'
  /** The descriptor was closed, and no received byte was unread; else it is `closed_unread`. */
  | 'closed'
  /** The descriptor was closed while received bytes were unread: the kernel sends RST, not FIN. */
  | 'closed_unread'

/** The side on which a closed connection enters TIME_WAIT; both do after a simultaneous close. */
export type TimeWaitHolder = 'local' | 'peer' | 'both' | 'neither'

/** The name of a view. */
export type TcpViewName =
  | 'unopened'
  | 'connecting'
  | 'open'
  | 'peer_finished'
  | 'finished'
  | 'finished_last'
  | 'finished_first'
  | 'closed_first'
  | 'closed_last'
  | 'abandoned'
  | 'reset'
  | 'reset_late'

/** The knowledge that a process can have of a connection that it sees only through a socket. */
export interface TcpView {
  /** The name of the view, its key in {@link TCP_VIEWS}. */
  readonly name: TcpViewName
  /** The likeliest state: of several possible ones, the one that a connection stays in longest. */
  readonly state: TcpState
  /** Other states that it may be in as well, and that no look at the socket tells apart. */
  readonly indistinguishable: readonly TcpState[]
  /** States that it has if something has arrived that was not read yet, which a peek shows. */
  readonly unread: readonly TcpState[]
  /**
   * The side that will have entered TIME_WAIT once both have closed in the usual way. `'unknown'`
   * where neither has begun to close.
   */
  readonly timeWaitHolder: TimeWaitHolder | 'unknown'
  /** Every outcome that is possible yet; a single one is certain. */
  readonly possibleHolders: readonly TimeWaitHolder[]
  /** A description of what the process knows, and of what it cannot. */
  readonly about: string
  /** The view after each observation; one that is absent changes nothing. */
  readonly next: Readonly<Partial<Record<SocketObservation, TcpViewName>>>
}

const ANY_HOLDER: readonly TimeWaitHolder[] = ['local', 'peer', 'both', 'neither']

/**
 * Every view, in the order of a connection's life. The lists are exact: a test derives them from
 * all the ways in which two ends that follow `TCP_TRANSITIONS` can exchange segments in any order.
 *
 * Two facts of Linux beyond RFC 9293 are in them, both seen in `/proc/net/tcp`: a reset comes too
 * late for a connection in TIME_WAIT, which the kernel has taken from the descriptor by then; and
 * unread bytes make a close a reset.
 */
export const TCP_VIEWS: Readonly<Record<TcpViewName, TcpView>> = {
  unopened: {
    name: 'unopened',
    state: 'CLOSED',
    indistinguishable: [],
    unread: [],
    timeWaitHolder: 'unknown',
    possibleHolders: ANY_HOLDER,
    about: 'nothing has happened yet',
    next: { connect_called: 'connecting', accepted: 'open' },
  },
  connecting: {
    name: 'connecting',
    state: 'SYN_SENT',
    indistinguishable: ['SYN_RECEIVED'],
    unread: ['ESTABLISHED', 'CLOSE_WAIT', 'CLOSED'],
    timeWaitHolder: 'unknown',
    possibleHolders: ANY_HOLDER,
    about: 'the SYN is sent; a simultaneous open cannot be seen',
    next: {
      connected: 'open',
      reset_received: 'reset',
      reset_sent: 'reset',
      closed: 'abandoned',
      closed_unread: 'reset',
    },
  },
  open: {
    name: 'open',
    state: 'ESTABLISHED',
    indistinguishable: [],
    unread: ['CLOSE_WAIT', 'CLOSED'],
    timeWaitHolder: 'unknown',
    possibleHolders: ANY_HOLDER,
    about: 'open, unless a FIN or RST waits to be read',
    next: {
      fin_read: 'peer_finished',
      fin_sent: 'finished',
      reset_received: 'reset',
      reset_sent: 'reset',
      closed: 'closed_first',
      closed_unread: 'reset',
    },
  },
  peer_finished: {
    name: 'peer_finished',
    state: 'CLOSE_WAIT',
    indistinguishable: [],
    unread: ['CLOSED'],
    timeWaitHolder: 'peer',
    possibleHolders: ['peer', 'neither'],
    about: 'the peer has closed first; only a RST can spare it TIME_WAIT',
    next: {
      fin_sent: 'finished_last',
      reset_received: 'reset',
      reset_sent: 'reset',
      closed: 'closed_last',
    },
  },
  finished: {
    name: 'finished',
    state: 'FIN_WAIT_2',
    indistinguishable: ['FIN_WAIT_1'],
    unread: ['CLOSING', 'LAST_ACK', 'TIME_WAIT', 'CLOSED'],
    timeWaitHolder: 'local',
    possibleHolders: ANY_HOLDER,
    about:
      "the own FIN is sent; its ACK cannot be seen, nor whether the peer's FIN came first, unread",
    next: {
      fin_read: 'finished_first',
      reset_received: 'reset_late',
      reset_sent: 'reset_late',
      closed: 'closed_first',
      closed_unread: 'reset_late',
    },
  },
  finished_last: {
    name: 'finished_last',
    state: 'LAST_ACK',
    indistinguishable: ['CLOSED'],
    unread: [],
    timeWaitHolder: 'peer',
    possibleHolders: ['peer', 'neither'],
    about: "the own FIN has followed the peer's; its ACK cannot be seen",
    next: { reset_received: 'closed_last', reset_sent: 'closed_last', closed: 'closed_last' },
  },
  finished_first: {
    name: 'finished_first',
    state: 'TIME_WAIT',
    indistinguishable: ['CLOSING', 'LAST_ACK', 'CLOSED'],
    unread: [],
    timeWaitHolder: 'local',
    possibleHolders: ANY_HOLDER,
    about: 'both FINs are sent; which came first on the wire, and when TIME_WAIT ends, is not seen',
    next: { reset_received: 'reset_late' },
  },
  closed_first: {
    name: 'closed_first',
    state: 'TIME_WAIT',
    indistinguishable: ['FIN_WAIT_1', 'FIN_WAIT_2', 'CLOSING', 'LAST_ACK', 'CLOSED'],
    unread: [],
    timeWaitHolder: 'local',
    possibleHolders: ANY_HOLDER,
    about: 'the descriptor is gone, the kernel closes alone; with a silent peer: FIN_WAIT_2',
    next: {},
  },
  closed_last: {
    name: 'closed_last',
    state: 'CLOSED',
    indistinguishable: ['LAST_ACK'],
    unread: [],
    timeWaitHolder: 'peer',
    possibleHolders: ['peer', 'neither'],
    about: 'the descriptor is gone, the ACK of the own FIN cannot be seen',
    next: {},
  },
  abandoned: {
    name: 'abandoned',
    state: 'CLOSED',
    indistinguishable: ['FIN_WAIT_1', 'FIN_WAIT_2', 'CLOSING', 'LAST_ACK', 'TIME_WAIT'],
    unread: [],
    timeWaitHolder: 'neither',
    possibleHolders: ANY_HOLDER,
    about: 'closed before it was seen to open; it may have opened meanwhile',
    next: {},
  },
  reset: {
    name: 'reset',
    state: 'CLOSED',
    indistinguishable: [],
    unread: [],
    timeWaitHolder: 'neither',
    possibleHolders: ['neither'],
    about: 'reset before the own FIN: no TIME_WAIT on either side',
    next: {},
  },
  reset_late: {
    name: 'reset_late',
    state: 'CLOSED',
    indistinguishable: ['TIME_WAIT'],
    unread: [],
    timeWaitHolder: 'neither',
    possibleHolders: ANY_HOLDER,
    about: "reset after the own FIN: too late where the peer's FIN had arrived already",
    next: {},
  },
}

/** The views in the order of a connection's life. */
export const TCP_VIEW_NAMES: readonly TcpViewName[] = Object.keys(TCP_VIEWS) as TcpViewName[]
