// biome-ignore-all lint/style/useNamingConvention: the names are those of RFC 9293.

import type { TcpEvent, TcpState } from './tcp-states.ts'

/** The meaning of a state, for readers of `holdfast watch` and of the documents. */
export interface TcpStateMeaning {
  /** The side that can be in it. */
  readonly side: 'client' | 'server' | 'both' | 'active closer' | 'passive closer' | 'neither'
  /** The meaning, in one sentence. */
  readonly meaning: string
  /** The view of a process that uses sockets, in the words of Node. */
  readonly seenAs: string
}

/** The meaning of each state (RFC 9293 §3.3.2). */
export const TCP_STATE_MEANINGS: Readonly<Record<TcpState, TcpStateMeaning>> = {
  CLOSED: {
    side: 'neither',
    meaning: 'no connection',
    seenAs: "before `connect`, and after `'close'` on the side that closed last",
  },
  LISTEN: { side: 'server', meaning: 'waits for a SYN', seenAs: 'a listening server' },
  SYN_SENT: {
    side: 'client',
    meaning: 'has sent a SYN, waits for SYN+ACK',
    seenAs: '`connect` called',
  },
  SYN_RECEIVED: {
    side: 'server',
    meaning: 'has received a SYN and sent SYN+ACK, waits for the ACK; very brief',
    seenAs: 'not visible to the process that accepts',
  },
  ESTABLISHED: {
    side: 'both',
    meaning: 'data may flow both ways',
    seenAs: "`'connect'` or `'connection'`",
  },
  FIN_WAIT_1: {
    side: 'active closer',
    meaning: 'has sent a FIN that is not acknowledged yet',
    seenAs: "`end()` before the peer's FIN",
  },
  FIN_WAIT_2: {
    side: 'active closer',
    meaning: "own FIN acknowledged, waits for the peer's; many of these: the peer never closes",
    seenAs: 'not to be told from FIN_WAIT_1',
  },
  CLOSE_WAIT: {
    side: 'passive closer',
    meaning:
      "the peer's FIN received, own FIN not sent; many of these: the application forgets to close",
    seenAs: "`'end'` read, `end()` not called",
  },
  CLOSING: {
    side: 'both',
    meaning: 'both sent their FIN before they received one, own FIN not acknowledged yet; rare',
    seenAs: "`end()`, then `'end'` at once; not to be told from TIME_WAIT",
  },
  LAST_ACK: {
    side: 'passive closer',
    meaning: "own FIN sent after the peer's, waits for its ACK",
    seenAs: "`end()` after `'end'`; not to be told from CLOSED",
  },
  TIME_WAIT: {
    side: 'active closer',
    meaning: 'waits 2 MSL, 60 s on Linux, for stray segments to die; holds its port meanwhile',
    seenAs: 'gone for the process; only the kernel shows it',
  },
}

/** The meaning of each event, with the section of RFC 9293 that says what follows. */
export const TCP_EVENT_MEANINGS: Readonly<Record<TcpEvent, string>> = {
  passive_open: 'the process listens (§3.10.1)',
  active_open: 'the process connects (§3.10.1)',
  send: 'the process sends to a given peer (§3.10.2)',
  syn_received: "the peer's SYN, which does not acknowledge the own one (§3.10.7.2, §3.10.7.3)",
  syn_ack_received: "the peer's SYN with the ACK of the own one (§3.10.7.3)",
  syn_acked: 'the ACK of the own SYN, in whatever segment (§3.10.7.4)',
  close: 'the process sends nothing more (§3.10.4)',
  fin_received: "the peer's FIN (§3.10.7.4)",
  fin_acked: 'the ACK of the own FIN (§3.10.7.4)',
  fin_ack_received: "the peer's FIN, in one segment with the first ACK of the own FIN (§3.10.7.4)",
  rst_received: 'a RST that is acceptable (§3.5.3)',
  abort: 'the process resets the connection (§3.10.5)',
  user_timeout: 'the peer has been silent for too long (§3.10.8)',
  two_msl_timeout: 'twice the maximum segment lifetime has passed (§3.10.8)',
}

/** The events in the order in which a connection usually meets them. */
export const TCP_EVENT_NAMES: readonly TcpEvent[] = Object.keys(TCP_EVENT_MEANINGS) as TcpEvent[]
