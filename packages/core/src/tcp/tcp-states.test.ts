import { describe, expect, it } from 'vitest'
import { TCP_EVENT_MEANINGS, TCP_EVENT_NAMES, TCP_STATE_MEANINGS } from './tcp-state-meanings.ts'
import {
  nextTcpState,
  TCP_STATE_NAMES,
  TCP_TRANSITIONS,
  type TcpEvent,
  type TcpOpening,
  type TcpState,
} from './tcp-states.ts'

const LIVE = TCP_STATE_NAMES.filter((state) => state !== 'CLOSED')
/** RFC 9293 calls these, and ESTABLISHED to the end, the states in which both SYNs are exchanged. */
const SYNCHRONIZED = LIVE.filter(
  (state) => state !== 'LISTEN' && state !== 'SYN_SENT' && state !== 'SYN_RECEIVED',
)

type Moves = Readonly<Partial<Record<TcpState, TcpState>>>

const closedFrom = (states: readonly TcpState[]): Moves =>
  Object.fromEntries(states.map((state) => [state, 'CLOSED']))

/** Figure 5 and §3.10 once more, read by event, for a connection opened actively. */
const BY_EVENT: Readonly<Record<TcpEvent, Moves>> = {
  passive_open: { CLOSED: 'LISTEN' },
  active_open: { CLOSED: 'SYN_SENT', LISTEN: 'SYN_SENT' },
  send: { LISTEN: 'SYN_SENT' },
  syn_received: { LISTEN: 'SYN_RECEIVED', SYN_SENT: 'SYN_RECEIVED' },
  syn_ack_received: { SYN_SENT: 'ESTABLISHED', SYN_RECEIVED: 'ESTABLISHED' },
  syn_acked: { SYN_RECEIVED: 'ESTABLISHED' },
  close: {
    LISTEN: 'CLOSED',
    SYN_SENT: 'CLOSED',
    SYN_RECEIVED: 'FIN_WAIT_1',
    ESTABLISHED: 'FIN_WAIT_1',
    CLOSE_WAIT: 'LAST_ACK',
  },
  fin_received: {
    SYN_RECEIVED: 'CLOSE_WAIT',
    ESTABLISHED: 'CLOSE_WAIT',
    FIN_WAIT_1: 'CLOSING',
    FIN_WAIT_2: 'TIME_WAIT',
  },
  fin_acked: { FIN_WAIT_1: 'FIN_WAIT_2', CLOSING: 'TIME_WAIT', LAST_ACK: 'CLOSED' },
  fin_ack_received: { FIN_WAIT_1: 'TIME_WAIT', CLOSING: 'TIME_WAIT', LAST_ACK: 'CLOSED' },
  rst_received: closedFrom(['SYN_SENT', 'SYN_RECEIVED', ...SYNCHRONIZED]),
  abort: closedFrom(LIVE),
  user_timeout: closedFrom(LIVE),
  two_msl_timeout: { TIME_WAIT: 'CLOSED' },
}

/** What differs where SYN_RECEIVED was reached from LISTEN: note 1, and §3.10.7.4. */
const AFTER_PASSIVE_OPEN: Readonly<Partial<Record<TcpEvent, TcpState>>> = {
  rst_received: 'LISTEN',
  syn_received: 'LISTEN',
}

const OPENINGS: readonly TcpOpening[] = ['active', 'passive']

const PAIRS = TCP_STATE_NAMES.flatMap((state) =>
  TCP_EVENT_NAMES.flatMap((event) =>
    OPENINGS.map((opening) => {
      const next = BY_EVENT[event][state]
      const isSpecial = opening === 'passive' && state === 'SYN_RECEIVED'
      return {
        state,
        event,
        opening,
        next: isSpecial ? (AFTER_PASSIVE_OPEN[event] ?? next) : next,
      }
    }),
  ),
)

const pathFrom = (opening: TcpOpening, events: readonly TcpEvent[]): (TcpState | undefined)[] => {
  let state: TcpState | undefined = 'CLOSED'
  return events.map((event) => {
    state = state === undefined ? undefined : nextTcpState(state, event, opening)
    return state
  })
}

/** The ways from CLOSED to ESTABLISHED, by opening. */
const OPENS: readonly (readonly [TcpOpening, string, TcpEvent[], TcpState[]])[] = [
  ['active', 'open', ['active_open', 'syn_ack_received'], ['SYN_SENT', 'ESTABLISHED']],
  [
    'passive',
    'open',
    ['passive_open', 'syn_received', 'syn_acked'],
    ['LISTEN', 'SYN_RECEIVED', 'ESTABLISHED'],
  ],
  [
    'active',
    'simultaneous open',
    ['active_open', 'syn_received', 'syn_ack_received'],
    ['SYN_SENT', 'SYN_RECEIVED', 'ESTABLISHED'],
  ],
  [
    'active',
    'send from LISTEN',
    ['passive_open', 'send', 'syn_ack_received'],
    ['LISTEN', 'SYN_SENT', 'ESTABLISHED'],
  ],
]

/** The ways from ESTABLISHED to CLOSED. */
const CLOSES: readonly (readonly [string, TcpEvent[], TcpState[]])[] = [
  [
    'active close',
    ['close', 'fin_acked', 'fin_received', 'two_msl_timeout'],
    ['FIN_WAIT_1', 'FIN_WAIT_2', 'TIME_WAIT', 'CLOSED'],
  ],
  [
    'active close, FIN and ACK together',
    ['close', 'fin_ack_received', 'two_msl_timeout'],
    ['FIN_WAIT_1', 'TIME_WAIT', 'CLOSED'],
  ],
  ['passive close', ['fin_received', 'close', 'fin_acked'], ['CLOSE_WAIT', 'LAST_ACK', 'CLOSED']],
  [
    'simultaneous close',
    ['close', 'fin_received', 'fin_acked', 'two_msl_timeout'],
    ['FIN_WAIT_1', 'CLOSING', 'TIME_WAIT', 'CLOSED'],
  ],
  ['reset by the peer', ['rst_received'], ['CLOSED']],
  ['reset of a half-closed connection', ['fin_received', 'abort'], ['CLOSE_WAIT', 'CLOSED']],
  ['silence of the peer', ['close', 'user_timeout'], ['FIN_WAIT_1', 'CLOSED']],
]

const LIVES = OPENS.flatMap(([opening, open, opened, openStates]) =>
  CLOSES.map(([close, closed, closeStates]) => ({
    opening,
    life: `${opening} ${open}, ${close}`,
    events: [...opened, ...closed],
    states: [...openStates, ...closeStates],
  })),
)

describe('the table of RFC 9293', () => {
  it('has eleven states and fourteen events, each with a meaning', () => {
    expect(PAIRS).toHaveLength(11 * 14 * 2)
    expect(new Set(Object.keys(TCP_STATE_MEANINGS))).toEqual(new Set(TCP_STATE_NAMES))
    expect(new Set(Object.keys(BY_EVENT))).toEqual(new Set(Object.keys(TCP_EVENT_MEANINGS)))
    for (const moves of Object.values(TCP_TRANSITIONS)) {
      expect(TCP_EVENT_NAMES).toEqual(expect.arrayContaining(Object.keys(moves)))
    }
  })

  it.each(PAIRS)('leads from $state by $event to $next ($opening)', (pair) => {
    expect(nextTcpState(pair.state, pair.event, pair.opening)).toBe(pair.next)
  })

  it.each(LIVES)('leads through a life: $life', ({ opening, events, states }) => {
    expect(pathFrom(opening, events)).toEqual(states)
  })

  it('returns to LISTEN only where it came from there', () => {
    const refused: TcpEvent[] = ['passive_open', 'syn_received', 'rst_received']
    expect(pathFrom('passive', refused).at(-1)).toBe('LISTEN')
    const crossed: TcpEvent[] = ['active_open', 'syn_received', 'rst_received']
    expect(pathFrom('active', crossed).at(-1)).toBe('CLOSED')
  })

  it('closes from SYN_RECEIVED by FIN', () => {
    const events: TcpEvent[] = ['passive_open', 'syn_received', 'close', 'fin_acked']
    expect(pathFrom('passive', events).slice(2)).toEqual(['FIN_WAIT_1', 'FIN_WAIT_2'])
  })
})
