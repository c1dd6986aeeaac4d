import { describe, expect, it } from 'vitest'
import { PoolHarness } from '../../test/pool-harness.ts'
import type { TestConnection } from '../../test/recording-effects.ts'
import { HELD_UP_MS } from './reprieve.ts'

const TIMEOUT_MS = 80
const LOOK_MS = 10

/** One connection in use by `r1` from 0 on, which has heard nothing since the instant given. */
const silent = (
  silentSince: (connection: TestConnection, nowMs: number) => number = () => 0,
): PoolHarness => {
  const policy = { responseTimeoutMs: TIMEOUT_MS }
  const harness = new PoolHarness({ policy, reactions: { silentSince } })
  harness.makeLeased('r1')
  harness.begin()
  return harness
}

/** Sets the clock to each of the pool's deadlines in turn, as its driver does. */
const advanceThrough = (harness: PoolHarness, untilMs: number): void => {
  while (harness.pool.nextDeadlineMs <= untilMs) harness.advanceTo(harness.pool.nextDeadlineMs)
}

const TIMED_OUT = ['ask 1', 'close 1: response_timeout']

it('a connection in use has no deadline unless the policy sets one', () => {
  const harness = new PoolHarness()
  harness.makeLeased('r1')
  expect(harness.pool.nextDeadlineMs).toBe(Number.POSITIVE_INFINITY)
})

describe('a request that hears nothing', () => {
  it('is asked about several times, and loses its connection at the instant, not before', () => {
    const harness = silent()
    expect(harness.pool.nextDeadlineMs).toBe(LOOK_MS)
    advanceThrough(harness, TIMEOUT_MS - 1)
    expect(harness.takeLog()).toEqual(Array(7).fill('ask 1'))
    expect(harness.pool.nextDeadlineMs).toBe(TIMEOUT_MS)
    harness.advanceTo(TIMEOUT_MS)
    expect(harness.takeLog()).toEqual(TIMED_OUT)
    expect(harness.stateOf(1)).toBe('closing')
    expect(harness.pool.nextDeadlineMs).toBe(Number.POSITIVE_INFINITY)
  })

  it('fails with an error that names the origin and the time', () => {
    const harness = silent()
    advanceThrough(harness, TIMEOUT_MS)
    expect(harness.effects.errors.get('connection 1')).toMatchObject({
      name: 'ResponseTimeoutError',
      code: 'ERR_HOLDFAST_RESPONSE_TIMEOUT',
      message: 'nothing was heard from a for 80 ms',
    })
  })

  it('is counted by why its connection closed', () => {
    const harness = silent()
    advanceThrough(harness, TIMEOUT_MS)
    harness.closed(1, 'error')
    expect(harness.stats.closes).toEqual({ response_timeout: 1 })
  })

  it('loses a connection, too, that serves its last request', () => {
    const harness = silent()
    harness.retire(1, 'max_age')
    harness.begin()
    advanceThrough(harness, TIMEOUT_MS)
    expect(harness.takeLog().at(-1)).toBe('close 1: max_age')
    expect(harness.effects.errors.get('connection 1')).toBeDefined()
  })

  it('lets another request have the place once its connection is gone', () => {
    const harness = silent()
    harness.caps.maxPerOrigin = 1
    harness.await('r2')
    advanceThrough(harness, TIMEOUT_MS)
    harness.takeLog()
    harness.closed(1)
    expect(harness.takeLog()).toEqual(['dial 2 for r2'])
  })
})

describe('progress', () => {
  it('moves the end to when it was, and the time', () => {
    const heardAtMs = 35
    const harness = silent((_, nowMs) => Math.min(nowMs, heardAtMs))
    advanceThrough(harness, heardAtMs + TIMEOUT_MS - 1)
    expect(harness.stateOf(1)).toBe('leased')
    expect(harness.pool.nextDeadlineMs).toBe(heardAtMs + TIMEOUT_MS)
    harness.advanceTo(heardAtMs + TIMEOUT_MS)
    expect(harness.stateOf(1)).toBe('closing')
  })

  it('at every look keeps the request for ever', () => {
    const harness = silent((_, nowMs) => nowMs)
    advanceThrough(harness, 100 * TIMEOUT_MS)
    expect(harness.stateOf(1)).toBe('leased')
  })
})

describe.each<[string, (harness: PoolHarness) => void]>([
  ['given back', (harness) => harness.release(1)],
  ['kept by its request', (harness) => harness.detach(1)],
  ['lost', (harness) => harness.closed(1)],
  ['destroyed with the pool', (harness) => harness.destroy()],
])('a connection that is %s', (_, end) => {
  it('is not asked about any more', () => {
    const harness = silent()
    end(harness)
    harness.begin()
    advanceThrough(harness, 10 * TIMEOUT_MS)
    expect(harness.takeLog()).toEqual([])
    expect(harness.pool.nextDeadlineMs).toBe(Number.POSITIVE_INFINITY)
  })
})

it('the next request of a connection has the whole time', () => {
  let sinceMs = 0
  const harness = silent(() => sinceMs)
  advanceThrough(harness, TIMEOUT_MS - 1)
  harness.release(1)
  harness.lease('r2')
  sinceMs = harness.nowMs
  advanceThrough(harness, sinceMs + TIMEOUT_MS - 1)
  expect(harness.stateOf(1)).toBe('leased')
  advanceThrough(harness, sinceMs + TIMEOUT_MS)
  expect(harness.stateOf(1)).toBe('closing')
})

describe('after the caller was held up', () => {
  const LATE_MS = LOOK_MS + HELD_UP_MS + 1

  it('nobody is asked before what has come meanwhile was told', () => {
    const harness = silent(() => -TIMEOUT_MS)
    harness.advanceTo(LATE_MS)
    expect(harness.takeLog()).toEqual([])
    expect(harness.pool.nextDeadlineMs).toBe(LATE_MS + 1)
    harness.advanceTo(LATE_MS + 1)
    expect(harness.takeLog()).toEqual(TIMED_OUT)
  })

  it('nobody is let off twice, however long the caller is held up again', () => {
    const harness = silent(() => -TIMEOUT_MS)
    harness.advanceTo(LATE_MS)
    harness.advanceTo(10 * LATE_MS)
    expect(harness.takeLog()).toEqual(TIMED_OUT)
  })

  it('a call that is hardly late lets nobody off', () => {
    const harness = silent(() => -TIMEOUT_MS)
    harness.advanceTo(LOOK_MS + HELD_UP_MS)
    expect(harness.takeLog()).toEqual(TIMED_OUT)
  })
})
