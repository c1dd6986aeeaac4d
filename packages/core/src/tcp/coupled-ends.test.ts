import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nextTcpState, type TcpEvent, type TcpOpening, type TcpState } from './tcp-states.ts'
import {
  type SocketObservation,
  TCP_VIEW_NAMES,
  TCP_VIEWS,
  type TcpViewName,
  type TimeWaitHolder,
} from './tcp-views.ts'

type Side = 0 | 1
type SegmentKind = 'SYN' | 'SYN_ACK' | 'ACK' | 'FIN' | 'RST'
/**
 * To whom, what, and whether it acknowledges the receiver's FIN. The receiver's SYN is acknowledged
 * by anything but a SYN.
 */
type Segment = `${Side} ${SegmentKind} ${'FIN' | '-'}`

/** One of two ends that follow the table. */
interface End {
  readonly state: TcpState
  readonly opening: TcpOpening
  readonly hasFin: boolean
  /** Whether it sent its FIN before it had received one. */
  readonly finishedFirst: boolean
  readonly heldTimeWait: boolean
}

/** Two ends, and the segments between them, which arrive in any order. */
interface Wire {
  readonly ends: readonly [End, End]
  readonly inFlight: readonly Segment[]
}

const SIDES: readonly Side[] = [0, 1]

const withEnd = (wire: Wire, side: Side, change: Partial<End>): Wire => {
  const end = { ...wire.ends[side], ...change }
  return { ...wire, ends: side === 0 ? [end, wire.ends[1]] : [wire.ends[0], end] }
}

const send = (wire: Wire, from: Side, kind: SegmentKind): Wire => {
  const segment: Segment = `${from === 0 ? 1 : 0} ${kind} ${wire.ends[from].hasFin ? 'FIN' : '-'}`
  return wire.inFlight.includes(segment) ? wire : { ...wire, inFlight: [...wire.inFlight, segment] }
}

const move = (wire: Wire, side: Side, event: TcpEvent): Wire => {
  const { state, opening, heldTimeWait } = wire.ends[side]
  const next = nextTcpState(state, event, opening)
  if (next === undefined) return wire
  if (next === 'LISTEN') return withEnd(wire, side, { state: next, hasFin: false })
  return withEnd(wire, side, { state: next, heldTimeWait: heldTimeWait || next === 'TIME_WAIT' })
}

/** RFC 9293 §3.10.5: in any other state, an abort sends nothing. */
const RESETTING: readonly TcpState[] = [
  'SYN_RECEIVED',
  'ESTABLISHED',
  'FIN_WAIT_1',
  'FIN_WAIT_2',
  'CLOSE_WAIT',
]

/** The event, and the segment that it sends. */
const call = (wire: Wire, side: Side, event: TcpEvent): Wire => {
  const { state, hasFin } = wire.ends[side]
  const after = move(wire, side, event)
  if (event === 'active_open') return send(after, side, 'SYN')
  if (event === 'abort' && RESETTING.includes(state)) return send(after, side, 'RST')
  if (event !== 'close' || after === wire || after.ends[side].state === 'CLOSED') return after
  return send(withEnd(after, side, { finishedFirst: !hasFin }), side, 'FIN')
}

/** What a segment means, in the order of RFC 9293 §3.10.7.4. */
const eventsOf = (kind: SegmentKind, acksFin: boolean, { state, opening }: End): TcpEvent[] => {
  if (kind === 'RST') return ['rst_received']
  if (kind === 'SYN') return ['syn_received']
  if (kind === 'SYN_ACK') return ['syn_ack_received']
  if (kind === 'ACK') return acksFin ? ['syn_acked', 'fin_acked'] : ['syn_acked']
  const isFirstAck = acksFin && nextTcpState(state, 'fin_ack_received', opening) !== undefined
  return ['syn_acked', isFirstAck ? 'fin_ack_received' : 'fin_received']
}

const deliver = (wire: Wire, segment: Segment): Wire => {
  const [to, kind, acks] = segment.split(' ') as [string, SegmentKind, string]
  const side: Side = to === '0' ? 0 : 1
  const end = wire.ends[side]
  // A FIN that comes too early is dropped and will be sent again.
  if (kind === 'FIN' && end.state === 'SYN_SENT') return wire
  let after: Wire = { ...wire, inFlight: wire.inFlight.filter((known) => known !== segment) }
  if (end.state === 'CLOSED' || (end.state === 'LISTEN' && kind !== 'SYN')) {
    return kind === 'RST' ? after : send(after, side, 'RST')
  }
  if (kind === 'FIN') after = withEnd(after, side, { hasFin: true })
  for (const event of eventsOf(kind, acks === 'FIN', end)) after = move(after, side, event)
  if (kind === 'ACK' || kind === 'RST') return after
  const isOpening = kind === 'SYN' && after.ends[side].state === 'SYN_RECEIVED'
  return send(after, side, isOpening ? 'SYN_ACK' : 'ACK')
}

/** TIME_WAIT ends when the last stray segment is dead: that is what it is for. */
const elapse = (wire: Wire, side: Side): Wire =>
  wire.inFlight.length > 0 ? wire : move(wire, side, 'two_msl_timeout')

const movesOfNetwork = (wire: Wire): Wire[] => [
  ...wire.inFlight.map((segment) => deliver(wire, segment)),
  ...SIDES.map((side) => elapse(wire, side)),
]

const movesOfCalls = (wire: Wire, side: Side, events: readonly TcpEvent[]): Wire[] =>
  events.map((event) => call(wire, side, event))

type Openings = readonly [TcpOpening, TcpOpening]

const OPENINGS: readonly Openings[] = [
  ['active', 'passive'],
  ['passive', 'active'],
  ['active', 'active'],
]

const endOf = (opening: TcpOpening): End => ({
  state: 'CLOSED',
  opening,
  hasFin: false,
  finishedFirst: false,
  heldTimeWait: false,
})

const openWire = ([local, peer]: Openings): Wire => {
  const wire: Wire = { ends: [endOf(local), endOf(peer)], inFlight: [] }
  return call(call(wire, 0, `${local}_open`), 1, `${peer}_open`)
}

type MovesOf = (wire: Wire) => readonly Wire[]

/** Takes one of the moves for each choice, as long as there are any. */
const walk = (start: Wire, choices: readonly number[], movesOf: MovesOf): Wire =>
  choices.reduce((wire, choice) => {
    const moves = movesOf(wire).filter((next) => next !== wire)
    return moves[choice % moves.length] ?? wire
  }, start)

/** Takes the first move until there is none. */
const settle = (start: Wire, movesOf: MovesOf): Wire => {
  const next = movesOf(start).find((candidate) => candidate !== start)
  return next === undefined ? start : settle(next, movesOf)
}

const outcomeOf = ({ ends: [local, peer] }: Wire): TimeWaitHolder => {
  if (local.heldTimeWait) return peer.heldTimeWait ? 'both' : 'local'
  return peer.heldTimeWait ? 'peer' : 'neither'
}

const CLOSABLE: readonly TcpState[] = ['SYN_RECEIVED', 'ESTABLISHED', 'CLOSE_WAIT']

const usualMoves: MovesOf = (wire) => [
  ...movesOfNetwork(wire),
  ...SIDES.filter((side) => CLOSABLE.includes(wire.ends[side].state)).map((side) =>
    call(wire, side, 'close'),
  ),
]

const allMoves: MovesOf = (wire) => [
  ...movesOfNetwork(wire),
  ...SIDES.flatMap((side) => movesOfCalls(wire, side, ['close', 'abort', 'user_timeout'])),
]

const RUNS = { numRuns: 2000 }
const openings = fc.constantFrom(...OPENINGS)
const draws = fc.array(fc.nat(), { maxLength: 40, size: 'max' })

describe('two ends whose segments arrive in any order', () => {
  it('end in CLOSED, and whoever sent a FIN before it received one has held TIME_WAIT', () => {
    const property = fc.property(openings, draws, (opened, chosen) => {
      const { ends } = settle(walk(openWire(opened), chosen, usualMoves), usualMoves)
      for (const end of ends) {
        expect(end).toMatchObject({ state: 'CLOSED', heldTimeWait: end.finishedFirst })
      }
      expect(ends.some(({ heldTimeWait }) => heldTimeWait)).toBe(true)
    })
    fc.assert(property, RUNS)
  })

  it('end in CLOSED, whatever is called whenever', () => {
    const property = fc.property(openings, draws, (opened, chosen) => {
      const { ends } = settle(walk(openWire(opened), chosen, allMoves), allMoves)
      expect(ends.map(({ state }) => state)).toEqual(['CLOSED', 'CLOSED'])
    })
    fc.assert(property, RUNS)
  })

  it('leave no TIME_WAIT where one of them sends a RST', () => {
    const property = fc.property(openings, draws, fc.constantFrom(...SIDES), (...drawn) => {
      const [opened, chosen, side] = drawn
      const wire = walk(openWire(opened), chosen, usualMoves)
      fc.pre(RESETTING.includes(wire.ends[side].state))
      expect(outcomeOf(settle(call(wire, side, 'abort'), allMoves))).toBe('neither')
    })
    fc.assert(property, RUNS)
  })
})

/** A wire whose end 0 belongs to a process that tracks it. */
interface Watched {
  readonly wire: Wire
  readonly view: TcpViewName
  readonly hasDescriptor: boolean
  /** What the kernel knows and the process has not read. */
  readonly news: readonly SocketObservation[]
}

const UNOPENED: readonly TcpState[] = ['CLOSED', 'LISTEN', 'SYN_SENT', 'SYN_RECEIVED']

/** What the process will read when the kernel's view of its end has changed. */
const newsOf = (before: End, after: End, hasFailed: boolean): SocketObservation[] => {
  const news: SocketObservation[] = []
  if (UNOPENED.includes(before.state) && !UNOPENED.includes(after.state)) {
    news.push(after.opening === 'active' ? 'connected' : 'accepted')
  }
  if (after.hasFin && !before.hasFin) news.push('fin_read')
  // By TIME_WAIT, the kernel has taken the connection from the descriptor.
  if (hasFailed && after.state === 'CLOSED' && before.state !== 'TIME_WAIT') {
    news.push('reset_received')
  }
  return news
}

const happen = (watched: Watched, wire: Wire, hasFailed = false): Watched => {
  const news = newsOf(watched.wire.ends[0], wire.ends[0], hasFailed)
  return { ...watched, wire, news: watched.hasDescriptor ? [...watched.news, ...news] : [] }
}

const movesOfWorld = (watched: Watched): Watched[] => {
  const { wire } = watched
  const [local, peer] = wire.ends
  const isAlive = local.state !== 'TIME_WAIT' && local.state !== 'LISTEN'
  const peerCalls: TcpEvent[] = peer.state === 'TIME_WAIT' ? [] : ['close', 'abort', 'user_timeout']
  return [
    ...wire.inFlight.map((segment) =>
      happen(watched, deliver(wire, segment), segment.startsWith('0 RST')),
    ),
    ...SIDES.map((side) => happen(watched, elapse(wire, side))),
    ...movesOfCalls(wire, 1, peerCalls).map((next) => happen(watched, next)),
    ...(isAlive ? [happen(watched, call(wire, 0, 'user_timeout'), true)] : []),
  ].filter((next) => next.wire !== wire)
}

/** What the kernel does when the process acts. */
const KERNEL_CALLS = {
  fin_sent: 'close',
  closed: 'close',
  closed_unread: 'abort',
  reset_sent: 'abort',
} as const

type Act = keyof typeof KERNEL_CALLS

const actsIn = ({ wire, view }: Watched): Act[] => {
  if (view === 'unopened') return []
  const { next } = TCP_VIEWS[view]
  const acts: Act[] = ['closed', 'reset_sent']
  if (next.fin_sent !== undefined) acts.push('fin_sent')
  // Without a connection there is nothing to leave unread.
  const hasData = !UNOPENED.includes(wire.ends[0].state) || wire.ends[0].state === 'CLOSED'
  if (next.closed_unread !== undefined && hasData) acts.push('closed_unread')
  return acts
}

const movesOfProcess = (watched: Watched): Watched[] => {
  const { wire, view, hasDescriptor, news } = watched
  if (!hasDescriptor) return []
  const { next } = TCP_VIEWS[view]
  const reads = news.flatMap((read) => {
    const isOver = read === 'reset_received'
    const rest = isOver ? [] : news.filter((item) => item !== read)
    return next[read] === undefined
      ? []
      : [{ wire, view: next[read], hasDescriptor: !isOver, news: rest }]
  })
  const acts = actsIn(watched).map((act) => {
    const isGone = wire.ends[0].state === 'TIME_WAIT'
    const isOpen = act === 'fin_sent'
    return {
      wire: isGone ? wire : call(wire, 0, KERNEL_CALLS[act]),
      view: next[act] ?? view,
      hasDescriptor: isOpen,
      news: isOpen ? news : [],
    }
  })
  return [...reads, ...acts]
}

/** What is true of the watched end in all the worlds in which the process has a certain view. */
interface Truth {
  readonly caughtUp: Set<TcpState>
  readonly behind: Set<TcpState>
  readonly holders: Set<TimeWaitHolder>
}

const truths = Object.fromEntries(
  TCP_VIEW_NAMES.map((name) => [
    name,
    { caughtUp: new Set(), behind: new Set(), holders: new Set() },
  ]),
) as Record<TcpViewName, Truth>

const explored = new Map<string, ReadonlySet<TimeWaitHolder>>()

/** Goes everywhere from here, and returns who may hold TIME_WAIT in the end. */
const explore = (watched: Watched): ReadonlySet<TimeWaitHolder> => {
  const key = JSON.stringify(watched)
  const known = explored.get(key)
  if (known !== undefined) return known
  const moves = [...movesOfWorld(watched), ...movesOfProcess(watched)]
  const ends = moves.length === 0 ? [outcomeOf(watched.wire)] : moves.map(explore)
  const holders = new Set(ends.flatMap((end) => (typeof end === 'string' ? end : [...end])))
  explored.set(key, holders)
  const truth = truths[watched.view]
  const states = watched.news.length === 0 ? truth.caughtUp : truth.behind
  states.add(watched.wire.ends[0].state)
  for (const holder of holders) truth.holders.add(holder)
  return holders
}

describe('the views of a process', () => {
  for (const opened of OPENINGS) {
    const view = opened[0] === 'active' ? 'connecting' : 'unopened'
    explore({ wire: openWire(opened), view, hasDescriptor: true, news: [] })
  }

  it.each(TCP_VIEW_NAMES.slice(1))(
    '%s: names every state that is possible, and no other',
    (name) => {
      const { state, indistinguishable, unread } = TCP_VIEWS[name]
      const { caughtUp, behind } = truths[name]
      expect(new Set([state, ...indistinguishable])).toEqual(caughtUp)
      expect(new Set(unread)).toEqual(new Set([...behind].filter((other) => !caughtUp.has(other))))
    },
  )

  it.each(TCP_VIEW_NAMES)('%s: names every side that may hold TIME_WAIT, and no other', (name) => {
    const { timeWaitHolder, possibleHolders } = TCP_VIEWS[name]
    expect(new Set(possibleHolders)).toEqual(truths[name].holders)
    expect(['unknown', ...possibleHolders]).toContain(timeWaitHolder)
  })
})
