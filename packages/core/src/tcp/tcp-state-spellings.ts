// biome-ignore-all lint/style/useNamingConvention: the names are those of RFC 9293.

import { InvalidArgumentError } from '../errors.ts'
import { TCP_STATE_NAMES, type TcpState } from './tcp-states.ts'

/** The spellings of a state elsewhere. */
export interface TcpStateSpelling {
  /** The text of RFC 9293. */
  readonly rfc: string
  /**
   * Column `st` of `/proc/net/tcp`: the number in the kernel's `tcp_states.h` as two hex digits,
   * which `TCP_INFO` gives, too. 0C is a SYN_RECEIVED that has no socket yet.
   */
  readonly procNetTcp: readonly string[]
  /** `ss` of iproute2. */
  readonly ss: string
  /** `netstat` of net-tools. */
  readonly netstat: string
  /** Further spellings: filters of `ss`, BSD, macOS and Windows. */
  readonly others: readonly string[]
}

/** The spellings of each state. In reading, case, hyphens and underscores make no difference. */
export const TCP_STATE_SPELLINGS: Readonly<Record<TcpState, TcpStateSpelling>> = {
  CLOSED: {
    rfc: 'CLOSED',
    procNetTcp: ['07'],
    ss: 'UNCONN',
    netstat: 'CLOSE',
    others: ['unconnected'],
  },
  LISTEN: {
    rfc: 'LISTEN',
    procNetTcp: ['0A'],
    ss: 'LISTEN',
    netstat: 'LISTEN',
    others: ['LISTENING'],
  },
  SYN_SENT: {
    rfc: 'SYN-SENT',
    procNetTcp: ['02'],
    ss: 'SYN-SENT',
    netstat: 'SYN_SENT',
    others: [],
  },
  SYN_RECEIVED: {
    rfc: 'SYN-RECEIVED',
    procNetTcp: ['03', '0C'],
    ss: 'SYN-RECV',
    netstat: 'SYN_RECV',
    others: ['SYN_RCVD', 'NEW_SYN_RECV'],
  },
  ESTABLISHED: {
    rfc: 'ESTABLISHED',
    procNetTcp: ['01'],
    ss: 'ESTAB',
    netstat: 'ESTABLISHED',
    others: [],
  },
  FIN_WAIT_1: {
    rfc: 'FIN-WAIT-1',
    procNetTcp: ['04'],
    ss: 'FIN-WAIT-1',
    netstat: 'FIN_WAIT1',
    others: [],
  },
  FIN_WAIT_2: {
    rfc: 'FIN-WAIT-2',
    procNetTcp: ['05'],
    ss: 'FIN-WAIT-2',
    netstat: 'FIN_WAIT2',
    others: [],
  },
  CLOSE_WAIT: {
    rfc: 'CLOSE-WAIT',
    procNetTcp: ['08'],
    ss: 'CLOSE-WAIT',
    netstat: 'CLOSE_WAIT',
    others: [],
  },
  CLOSING: { rfc: 'CLOSING', procNetTcp: ['0B'], ss: 'CLOSING', netstat: 'CLOSING', others: [] },
  LAST_ACK: {
    rfc: 'LAST-ACK',
    procNetTcp: ['09'],
    ss: 'LAST-ACK',
    netstat: 'LAST_ACK',
    others: [],
  },
  TIME_WAIT: {
    rfc: 'TIME-WAIT',
    procNetTcp: ['06'],
    ss: 'TIME-WAIT',
    netstat: 'TIME_WAIT',
    others: [],
  },
}

const normalize = (spelling: string): string => spelling.toUpperCase().replaceAll(/[-_]/gu, '')

const STATE_BY_SPELLING: ReadonlyMap<string, TcpState> = new Map(
  TCP_STATE_NAMES.flatMap((state) => {
    const { rfc, procNetTcp, ss, netstat, others } = TCP_STATE_SPELLINGS[state]
    return [rfc, ...procNetTcp, ss, netstat, ...others].map(
      (spelling) => [normalize(spelling), state] as const,
    )
  }),
)

/**
 * Finds the state that a spelling of {@link TCP_STATE_SPELLINGS} means.
 *
 * @throws InvalidArgumentError (`ERR_HOLDFAST_INVALID_ARGUMENT`) for any other text.
 */
export const parseTcpState = (spelling: string): TcpState => {
  const state = STATE_BY_SPELLING.get(normalize(spelling))
  if (state === undefined) {
    throw new InvalidArgumentError(
      'TCP state',
      spelling,
      `one of ${TCP_STATE_NAMES.join(', ')}, or as ss, netstat or /proc/net/tcp write it`,
    )
  }
  return state
}
