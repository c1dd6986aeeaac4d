import { describe, expect, it } from 'vitest'
import { PoolHarness } from '../pool-harness.ts'

type Event = (harness: PoolHarness) => unknown

/** Each thing that can happen, to an origin that has nothing to do with those that wait. */
const EVENTS: Readonly<Record<string, Event>> = {
  'a lease': (harness) => harness.lease('new', 'other'),
  'a release': (harness) => harness.release(2),
  'a cancelled request': (harness) => harness.cancel(harness.await('gone', 'other')),
  'a retired connection': (harness) => harness.retire(2, 'max_age'),
  'a connection that is gone': (harness) => harness.closed(2),
  'a connection that is kept for good': (harness) => harness.detach(2),
  'the time': (harness) => harness.advanceTo(1),
  'a dial that failed': (harness) => harness.fail(3),
  'a dial that opened': (harness) => harness.open(3),
  'a request that loses its connection': (harness) => harness.lose(2),
  'a wish for warmth': (harness) => harness.warm(1, 'other'),
}

const waitingFor = (cap: 'maxPerOrigin' | 'maxTotal'): PoolHarness => {
  const harness = new PoolHarness({ caps: cap === 'maxTotal' ? { maxTotal: 3 } : {} })
  harness.makeLeased('r1', 'a')
  harness.makeLeased('r2', 'other')
  harness.await('r3', 'other')
  if (cap === 'maxPerOrigin') harness.caps.maxPerOrigin = 1
  harness.await('waiting', 'a')
  harness.begin()
  return harness
}

describe.each(['maxPerOrigin', 'maxTotal'] as const)(
  '%s that is raised admits more with',
  (cap) => {
    it.each(Object.entries(EVENTS))('%s', (_, happen) => {
      const harness = waitingFor(cap)
      harness.caps[cap] = 5
      happen(harness)
      expect(harness.takeLog()).toContainEqual(expect.stringMatching(/^dial \d+ for waiting$/u))
    })
  },
)

it('maxPerOrigin that is raised admits more with a lease of an idle connection', () => {
  const harness = new PoolHarness()
  harness.makeIdle(1, 'other')
  harness.makeLeased('r1', 'a')
  harness.caps.maxPerOrigin = 1
  harness.await('waiting', 'a')
  harness.begin()
  harness.caps.maxPerOrigin = 2
  harness.lease('new', 'other')
  expect(harness.takeLog()).toEqual(['grant 1 to new', 'dial 3 for waiting'])
})

it('a lowered cap of its origin closes an idle connection for one that takes only a dial', () => {
  const harness = new PoolHarness({ policy: { maxConnectingPerOrigin: 1, binding: 'early' } })
  harness.makeLeased('r1')
  harness.makeLeased('lost')
  harness.await('r2')
  harness.release(1)
  harness.lose(2)
  harness.begin()
  harness.caps.maxPerOrigin = 1
  harness.open(3)
  expect(harness.takeLog()).toEqual(['grant 3 to r2', 'close 1: evicted'])
  harness.closed(1)
  harness.closed(3)
  expect(harness.takeLog()).toEqual(['dial 4 for lost'])
})
