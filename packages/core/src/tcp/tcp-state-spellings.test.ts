import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseTcpState, TCP_STATE_SPELLINGS } from './tcp-state-spellings.ts'
import { TCP_STATE_NAMES, type TcpState } from './tcp-states.ts'

/** As the sources of Linux, iproute2, net-tools, BSD and Windows have them. */
const SPELLINGS: Readonly<Record<TcpState, readonly string[]>> = {
  ESTABLISHED: ['01', 'ESTAB', 'ESTABLISHED', 'established'],
  SYN_SENT: ['02', 'SYN-SENT', 'SYN_SENT', 'syn-sent'],
  SYN_RECEIVED: ['03', '0C', '0c', 'SYN-RECV', 'SYN_RECV', 'SYN-RECEIVED', 'SYN_RCVD'],
  FIN_WAIT_1: ['04', 'FIN-WAIT-1', 'FIN_WAIT1', 'FIN_WAIT_1', 'FINWAIT-1'],
  FIN_WAIT_2: ['05', 'FIN-WAIT-2', 'FIN_WAIT2', 'FIN_WAIT_2', 'fin-wait-2'],
  TIME_WAIT: ['06', 'TIME-WAIT', 'TIME_WAIT', 'time-wait'],
  CLOSED: ['07', 'UNCONN', 'CLOSE', 'CLOSED', 'unconnected'],
  CLOSE_WAIT: ['08', 'CLOSE-WAIT', 'CLOSE_WAIT'],
  LAST_ACK: ['09', 'LAST-ACK', 'LAST_ACK'],
  LISTEN: ['0A', '0a', 'LISTEN', 'LISTENING', 'listening'],
  CLOSING: ['0B', 'CLOSING'],
}

const PAIRS = TCP_STATE_NAMES.flatMap((state) =>
  SPELLINGS[state].map((spelling) => ({ spelling, state })),
)

describe('the spellings of a state', () => {
  it.each(PAIRS)('$spelling is $state', ({ spelling, state }) => {
    expect(parseTcpState(spelling)).toBe(state)
  })

  it.each(TCP_STATE_NAMES)('%s is read as what it is written', (state) => {
    const { rfc, procNetTcp, ss, netstat, others } = TCP_STATE_SPELLINGS[state]
    const written = [state, rfc, ...procNetTcp, ss, netstat, ...others]
    expect(new Set(written.map(parseTcpState))).toEqual(new Set([state]))
    expect(rfc).toBe(state.replaceAll('_', '-'))
  })

  it('mean one state each', () => {
    const codes = TCP_STATE_NAMES.flatMap((state) => TCP_STATE_SPELLINGS[state].procNetTcp)
    expect(codes.toSorted((left, right) => left.localeCompare(right))).toEqual(
      Array.from({ length: 12 }, (_, index) => `0${(index + 1).toString(16).toUpperCase()}`),
    )
  })

  it('make no difference by case, hyphens and underscores', () => {
    const anyCase = fc.constantFrom(
      (text: string) => text.toLowerCase(),
      (text: string) => text.toUpperCase(),
    )
    const separator = fc.constantFrom('-', '_', '')
    fc.assert(
      fc.property(fc.constantFrom(...PAIRS), anyCase, separator, (pair, change, sign) => {
        const spelling = change(pair.spelling).replaceAll(/[-_]/gu, sign)
        expect(parseTcpState(spelling)).toBe(pair.state)
      }),
    )
  })
})

it.each(['', '00', '0D', '1', 'FIN_WAIT', 'FIN_WAIT3', 'OPEN', 'constructor', ' LISTEN'])(
  'an unknown spelling is a clear error: %j',
  (spelling) => {
    expect(() => parseTcpState(spelling)).toThrow(
      expect.objectContaining({
        name: 'InvalidArgumentError',
        code: 'ERR_HOLDFAST_INVALID_ARGUMENT',
        message: expect.stringContaining(`got ${JSON.stringify(spelling)}`),
      }),
    )
  },
)
