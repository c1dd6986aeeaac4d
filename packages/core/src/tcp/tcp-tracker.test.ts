import { describe, expect, it } from 'vitest'
import type { TcpState } from './tcp-states.ts'
import { TcpTracker } from './tcp-tracker.ts'
import { type SocketObservation, TCP_VIEW_NAMES, TCP_VIEWS } from './tcp-views.ts'

const trackerAfter = (...observations: readonly SocketObservation[]): TcpTracker => {
  const tracker = new TcpTracker()
  for (const observation of observations) tracker.observe(observation)
  return tracker
}

const OPEN: readonly SocketObservation[] = ['connect_called', 'connected']

/** What happened after the connection had opened, and the states it went through as one sees it. */
const COURSES: readonly (readonly [SocketObservation[], TcpState[]])[] = [
  [
    ['fin_sent', 'fin_read', 'closed'],
    ['FIN_WAIT_2', 'TIME_WAIT', 'TIME_WAIT'],
  ],
  [
    ['fin_read', 'fin_sent', 'closed'],
    ['CLOSE_WAIT', 'LAST_ACK', 'CLOSED'],
  ],
  [
    ['fin_read', 'closed'],
    ['CLOSE_WAIT', 'CLOSED'],
  ],
  [['closed'], ['TIME_WAIT']],
  [
    ['reset_sent', 'closed'],
    ['CLOSED', 'CLOSED'],
  ],
  [
    ['reset_received', 'closed'],
    ['CLOSED', 'CLOSED'],
  ],
  [['closed_unread'], ['CLOSED']],
]

describe.each<[string, readonly SocketObservation[]]>([
  ['connected', OPEN],
  ['accepted', ['accepted']],
])('a connection that was %s', (_, opening) => {
  it('is ESTABLISHED, unless something waits to be read', () => {
    const tracker = trackerAfter(...opening)
    expect(tracker.state).toBe('ESTABLISHED')
    expect(tracker.isCertain).toBe(false)
    expect(tracker.view).toMatchObject({ indistinguishable: [], unread: ['CLOSE_WAIT', 'CLOSED'] })
  })

  it.each(COURSES)('after %j has gone through %j', (observations, states) => {
    const tracker = trackerAfter(...opening)
    const seen = observations.map((observation) => {
      tracker.observe(observation)
      return tracker.state
    })
    expect(seen).toEqual(states)
  })
})

/** As measured in /proc/net/tcp, on both sides of a connection. */
describe('TIME_WAIT', () => {
  it.each<[SocketObservation[], string]>([
    [['closed'], 'local'],
    [['fin_sent', 'closed'], 'local'],
    [['fin_sent', 'fin_read', 'closed'], 'local'],
    [['fin_sent', 'fin_read', 'reset_sent'], 'local'],
    [['fin_read', 'closed'], 'peer'],
    [['fin_read', 'fin_sent', 'closed'], 'peer'],
    [['fin_read', 'fin_sent', 'reset_sent'], 'peer'],
    [['reset_sent', 'closed'], 'neither'],
    [['fin_read', 'reset_sent', 'closed'], 'neither'],
    [['fin_sent', 'reset_sent', 'closed'], 'neither'],
    [['reset_received', 'closed'], 'neither'],
    [['closed_unread'], 'neither'],
    [['fin_sent', 'closed_unread'], 'neither'],
    [[], 'unknown'],
  ])('after %j: %s', (observations, holder) => {
    expect(trackerAfter(...OPEN, ...observations).view.timeWaitHolder).toBe(holder)
  })

  it.each<[SocketObservation[]]>([
    [['reset_sent']],
    [['fin_read', 'reset_sent']],
    [['reset_received']],
    [['closed_unread']],
  ])('is on neither side for certain after %j', (observations) => {
    const tracker = trackerAfter(...OPEN, ...observations)
    expect(tracker.view.possibleHolders).toEqual(['neither'])
    expect(tracker.isCertain).toBe(true)
  })

  it('is not on this side for certain where the peer closed first', () => {
    const { possibleHolders } = trackerAfter(...OPEN, 'fin_read', 'closed').view
    expect(possibleHolders).toEqual(['peer', 'neither'])
  })
})

describe('a connection that has not opened', () => {
  it('is CLOSED at first, and SYN_SENT once connect was called', () => {
    expect(trackerAfter()).toMatchObject({ state: 'CLOSED', isCertain: true })
    expect(trackerAfter('connect_called').state).toBe('SYN_SENT')
  })

  it.each<[SocketObservation, string]>([
    ['reset_received', 'reset'],
    ['reset_sent', 'reset'],
    ['closed_unread', 'reset'],
    ['closed', 'abandoned'],
  ])('ends by %s as %s', (observation, name) => {
    expect(trackerAfter('connect_called', observation).view).toMatchObject({
      name,
      state: 'CLOSED',
      timeWaitHolder: 'neither',
    })
  })
})

it('an observation that cannot follow changes nothing', () => {
  const observations = new Set(
    TCP_VIEW_NAMES.flatMap((name) => Object.keys(TCP_VIEWS[name].next)),
  ) as Set<SocketObservation>
  expect(observations.size).toBe(9)
  for (const observation of observations) {
    const tracker = trackerAfter(...OPEN, 'reset_sent', observation)
    expect(tracker.view).toBe(TCP_VIEWS.reset)
  }
})

it.each(TCP_VIEW_NAMES)('%s is called what it is', (name) => {
  const { state, indistinguishable, unread } = TCP_VIEWS[name]
  expect(TCP_VIEWS[name].name).toBe(name)
  const named = [state, ...indistinguishable, ...unread]
  expect(new Set(named).size).toBe(named.length)
})
