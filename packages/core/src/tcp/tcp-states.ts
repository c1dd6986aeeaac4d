// biome-ignore-all lint/style/useNamingConvention: the names are those of RFC 9293.

/** The states of a TCP connection, by the names of RFC 9293 §3.3.2. */
export type TcpState =
  | 'CLOSED'
  | 'LISTEN'
  | 'SYN_SENT'
  | 'SYN_RECEIVED'
  | 'ESTABLISHED'
  | 'FIN_WAIT_1'
  | 'FIN_WAIT_2'
  | 'CLOSE_WAIT'
  | 'CLOSING'
  | 'LAST_ACK'
  | 'TIME_WAIT'

/**
 * An event that moves a connection from one state to another: a call, segment or timer of RFC 9293
 * §3.10.
 */
export type TcpEvent =
  | 'passive_open'
  | 'active_open'
  | 'send'
  | 'syn_received'
  | 'syn_ack_received'
  | 'syn_acked'
  | 'close'
  | 'fin_received'
  | 'fin_acked'
  | 'fin_ack_received'
  | 'rst_received'
  | 'abort'
  | 'user_timeout'
  | 'two_msl_timeout'

/**
 * The way a connection was opened. One that sends from LISTEN has become active (RFC 9293 §3.10.2).
 */
export type TcpOpening = 'active' | 'passive'

/** The state that an event leads to; in SYN_RECEIVED it may depend on the opening. */
export type TcpTarget = TcpState | Readonly<Partial<Record<TcpOpening, TcpState>>>

/**
 * Every move of RFC 9293: figure 5, what its notes say it leaves out, and §3.10.
 *
 * An absent event is no move, and the state stays: a call is answered with an error, a segment is
 * dropped, acknowledged again, or answered by RST, as §3.10 says. Three rules that a reader may
 * look for: a RST sent leads to CLOSED (§3.10.5), as on Linux, not to TIME_WAIT, as note 3 of
 * figure 5 says in passing; a SYN within an open connection gets a challenge ACK (RFC 5961); and a
 * SYN that Linux accepts in TIME_WAIT (§3.10.7.4, MAY-2) opens another connection.
 */
export const TCP_TRANSITIONS: Readonly<
  Record<TcpState, Readonly<Partial<Record<TcpEvent, TcpTarget>>>>
> = {
  CLOSED: { passive_open: 'LISTEN', active_open: 'SYN_SENT' },
  LISTEN: {
    active_open: 'SYN_SENT',
    send: 'SYN_SENT',
    syn_received: 'SYN_RECEIVED',
    close: 'CLOSED',
    abort: 'CLOSED',
    user_timeout: 'CLOSED',
  },
  SYN_SENT: {
    syn_received: 'SYN_RECEIVED',
    syn_ack_received: 'ESTABLISHED',
    close: 'CLOSED',
    rst_received: 'CLOSED',
    abort: 'CLOSED',
    user_timeout: 'CLOSED',
  },
  SYN_RECEIVED: {
    syn_received: { passive: 'LISTEN' },
    syn_ack_received: 'ESTABLISHED',
    syn_acked: 'ESTABLISHED',
    close: 'FIN_WAIT_1',
    fin_received: 'CLOSE_WAIT',
    rst_received: { active: 'CLOSED', passive: 'LISTEN' },
    abort: 'CLOSED',
    user_timeout: 'CLOSED',
  },
  ESTABLISHED: {
    close: 'FIN_WAIT_1',
    fin_received: 'CLOSE_WAIT',
    rst_received: 'CLOSED',
    abort: 'CLOSED',
    user_timeout: 'CLOSED',
  },
  FIN_WAIT_1: {
    fin_received: 'CLOSING',
    fin_acked: 'FIN_WAIT_2',
    fin_ack_received: 'TIME_WAIT',
    rst_received: 'CLOSED',
    abort: 'CLOSED',
    user_timeout: 'CLOSED',
  },
  FIN_WAIT_2: {
    fin_received: 'TIME_WAIT',
    rst_received: 'CLOSED',
    abort: 'CLOSED',
    user_timeout: 'CLOSED',
  },
  CLOSE_WAIT: {
    close: 'LAST_ACK',
    rst_received: 'CLOSED',
    abort: 'CLOSED',
    user_timeout: 'CLOSED',
  },
  CLOSING: {
    fin_acked: 'TIME_WAIT',
    fin_ack_received: 'TIME_WAIT',
    rst_received: 'CLOSED',
    abort: 'CLOSED',
    user_timeout: 'CLOSED',
  },
  LAST_ACK: {
    fin_acked: 'CLOSED',
    fin_ack_received: 'CLOSED',
    rst_received: 'CLOSED',
    abort: 'CLOSED',
    user_timeout: 'CLOSED',
  },
  TIME_WAIT: {
    rst_received: 'CLOSED',
    abort: 'CLOSED',
    user_timeout: 'CLOSED',
    two_msl_timeout: 'CLOSED',
  },
}

/** The eleven states in the order of a connection's life. */
export const TCP_STATE_NAMES: readonly TcpState[] = Object.keys(TCP_TRANSITIONS) as TcpState[]

/**
 * Returns the state after the event, or `undefined` where it is no move and the state stays: see
 * {@link TCP_TRANSITIONS}. It does not throw, since a segment that changes nothing is no mistake.
 */
export const nextTcpState = (
  state: TcpState,
  event: TcpEvent,
  opening: TcpOpening,
): TcpState | undefined => {
  const target = TCP_TRANSITIONS[state][event]
  return typeof target === 'object' ? target[opening] : target
}
