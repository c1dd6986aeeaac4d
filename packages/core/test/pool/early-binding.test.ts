import { describe, expect, it } from 'vitest'
import { type HarnessOptions, PoolHarness } from '../pool-harness.ts'
import type { TestRequest } from '../test-request.ts'

const early = ({ policy, ...rest }: HarnessOptions = {}): PoolHarness =>
  new PoolHarness({ ...rest, policy: { ...policy, binding: 'early' } })

/** Requests that wait, r1 first; how many are dialled for is up to the caps. */
const waiting = (
  count: number,
  options?: HarnessOptions,
): { readonly harness: PoolHarness; readonly waiters: readonly TestRequest[] } => {
  const harness = early(options)
  const waiters = Array.from({ length: count }, (_, index) => harness.await(`r${index + 1}`))
  harness.begin()
  return { harness, waiters }
}

describe('a request that is dialled for', () => {
  it('gets its own dial, in whatever order these open', () => {
    const { harness } = waiting(3)
    harness.open(3, 1, 2)
    expect(harness.takeLog()).toEqual(['grant 3 to r3', 'grant 1 to r1', 'grant 2 to r2'])
  })

  it('gets no connection that another one gives back', () => {
    const harness = early()
    harness.makeLeased('r1')
    harness.await('r2')
    harness.begin()
    harness.release(1)
    expect(harness.stateOf(1)).toBe('idle')
    harness.lease('r3')
    harness.open(2)
    expect(harness.takeLog()).toEqual(['grant 1 to r3', 'grant 2 to r2'])
  })

  it('fails with its dial, and nobody else does', () => {
    const { harness } = waiting(3)
    harness.fail(2)
    expect(harness.takeLog()).toEqual(['reject r2: refused by the peer'])
    harness.open(3, 1)
    expect(harness.takeLog()).toEqual(['grant 3 to r3', 'grant 1 to r1'])
    expect(harness.stats).toMatchObject({ dialFailures: 1, rejections: 1, waiting: 0 })
  })

  it('takes over a dial for warmth, and no other from then on', () => {
    const harness = early()
    harness.warm(1)
    const waiter = harness.await('r1')
    harness.await('r2')
    harness.begin()
    harness.open(2)
    expect(harness.takeLog()).toEqual(['grant 2 to r2'])
    harness.cancel(waiter)
    expect(harness.takeLog()).toEqual(['close 1: aborted'])
  })

  it('leaves no connection unused, whatever becomes of it', () => {
    const { harness, waiters } = waiting(4)
    harness.cancel(waiters[0] as TestRequest)
    harness.open(2, 3, 4)
    harness.release(2, 3, 4)
    expect(harness.pool.nextDeadlineMs).toBe(Number.POSITIVE_INFINITY)
    expect(harness.stats).toMatchObject({ idle: 3, leases: 3 })
  })
})

describe('a request that the caps keep from a dial', () => {
  it('gets the next connection that is given back, before those that are dialled for', () => {
    const { harness } = waiting(3, { caps: { maxPerOrigin: 2 } })
    harness.open(1)
    harness.release(1)
    expect(harness.takeLog()).toEqual(['grant 1 to r1', 'grant 1 to r3'])
    harness.release(1)
    expect(harness.stateOf(1)).toBe('idle')
    harness.open(2)
    expect(harness.takeLog()).toEqual(['grant 2 to r2'])
  })

  it('gets no dial that opens for another', () => {
    const { harness } = waiting(4, { caps: { maxPerOrigin: 2 } })
    harness.open(2)
    harness.release(2)
    harness.release(2)
    expect(harness.takeLog()).toEqual(['grant 2 to r2', 'grant 2 to r3', 'grant 2 to r4'])
  })

  it('is dialled for once another dial has failed', () => {
    const { harness } = waiting(2, { caps: { maxPerOrigin: 1 } })
    harness.fail(1)
    expect(harness.takeLog()).toEqual(['reject r1: refused by the peer', 'dial 2 for r2'])
    harness.open(2)
    expect(harness.takeLog()).toEqual(['grant 2 to r2'])
  })

  it('keeps to its dial once it has one, though a connection is given back before', () => {
    const { harness } = waiting(2, { policy: { maxConnectingPerOrigin: 1 } })
    harness.open(1)
    expect(harness.takeLog()).toEqual(['grant 1 to r1', 'dial 2 for r2'])
    harness.release(1)
    expect(harness.stateOf(1)).toBe('idle')
    harness.open(2)
    expect(harness.takeLog()).toEqual(['grant 2 to r2'])
  })

  it('comes after one that takes nothing but a dial', () => {
    const harness = early({ policy: { maxConnectingPerOrigin: 1 } })
    harness.makeLeased('lost')
    harness.await('r1')
    harness.await('r2')
    harness.lose(1)
    harness.begin()
    harness.open(2)
    harness.open(3)
    expect(harness.takeLog()).toEqual([
      'grant 2 to r1',
      'dial 3 for lost',
      'grant 3 to lost',
      'dial 4 for r2',
    ])
  })
})

describe('a request that is cancelled', () => {
  it('ends its dial, and leaves the others theirs', () => {
    const { harness, waiters } = waiting(2)
    harness.cancel(waiters[0] as TestRequest)
    expect(harness.takeLog()).toEqual(['close 1: aborted'])
    expect(harness.stateOf(1)).toBe('closing')
    harness.open(2)
    harness.fail(1, 'given up')
    expect(harness.takeLog()).toEqual(['grant 2 to r2'])
    expect(harness.stats).toMatchObject({ dialFailures: 0, rejections: 0, closes: { aborted: 1 } })
  })

  it.each([
    ['maxPerOrigin', { maxPerOrigin: 1 }],
    ['maxTotal', { maxTotal: 1 }],
  ])('ends its dial also where others wait, who are dialled for in its place (%s)', (_, caps) => {
    const { harness, waiters } = waiting(2, { caps })
    harness.cancel(waiters[0] as TestRequest)
    expect(harness.takeLog()).toEqual(['close 1: aborted'])
    expect(harness.stats).toMatchObject({ closing: 1, waiting: 1, queued: 1 })
    harness.fail(1, 'given up')
    expect(harness.takeLog()).toEqual(['dial 2 for r2'])
    harness.open(2)
    expect(harness.takeLog()).toEqual(['grant 2 to r2'])
  })

  it('makes way at once for another dial where only these are capped', () => {
    const { harness, waiters } = waiting(2, { policy: { maxConnectingPerOrigin: 1 } })
    harness.cancel(waiters[0] as TestRequest)
    expect(harness.takeLog()).toEqual(['close 1: aborted', 'dial 2 for r2'])
  })

  it('makes way for another origin, which nothing else has to do then', () => {
    const harness = early({ caps: { maxTotal: 2 } })
    harness.makeIdle(1, 'a')
    const waiter = harness.await('r1', 'b')
    harness.cancel(waiter)
    harness.await('r2', 'c')
    harness.begin()
    harness.fail(2, 'given up')
    expect(harness.takeLog()).toEqual(['dial 3 for r2'])
    expect(harness.stateOf(1)).toBe('idle')
  })

  it('leaves nothing behind where it was the only one', () => {
    const { harness, waiters } = waiting(1)
    harness.cancel(waiters[0] as TestRequest)
    harness.fail(1, 'given up')
    expect(harness.pool.isEmpty).toBe(true)
  })

  it('closes its dial once, though the driver ends it within the close', () => {
    const { harness, waiters } = waiting(1)
    harness.effects.reactions = { close: ({ id }) => harness.fail(id, 'given up') }
    harness.cancel(waiters[0] as TestRequest)
    harness.cancel(waiters[0] as TestRequest)
    expect(harness.takeLog()).toEqual(['close 1: aborted'])
    expect(harness.pool.isEmpty).toBe(true)
  })

  it('does not count as a dial that failed, which would let the origin cool', () => {
    const harness = early({ policy: { minIdlePerOrigin: 1, idleTimeoutMs: 1000 } })
    harness.makeLeased('r1')
    const waiter = harness.await('r2')
    harness.begin()
    harness.cancel(waiter)
    harness.fail(2, 'given up')
    expect(harness.takeLog()).toEqual(['close 2: aborted', 'dial 3 ahead'])
    harness.fail(3)
    expect(harness.takeLog()).toEqual([])
    expect(harness.stats).toMatchObject({ dialFailures: 1 })
  })
})

describe('a request that has waited too long', () => {
  const policy = { acquireTimeoutMs: 100 }

  it('hears of it, and then its dial is closed', () => {
    const { harness } = waiting(1, { policy })
    harness.advanceTo(100)
    expect(harness.takeLog()).toEqual([
      'reject r1: ERR_HOLDFAST_ACQUIRE_TIMEOUT',
      'close 1: aborted',
    ])
    harness.fail(1, 'given up')
    expect(harness.stats).toMatchObject({ rejections: 1, dialFailures: 0, closes: { aborted: 1 } })
    expect(harness.pool.isEmpty).toBe(true)
  })

  it('leaves nobody its dial, and whoever still waits is dialled for in its place', () => {
    const { harness } = waiting(1, { policy, caps: { maxPerOrigin: 1 } })
    harness.nowMs = 50
    harness.await('r2')
    harness.advanceTo(100)
    harness.fail(1, 'given up')
    expect(harness.takeLog()).toEqual([
      'reject r1: ERR_HOLDFAST_ACQUIRE_TIMEOUT',
      'close 1: aborted',
      'dial 2 for r2',
    ])
  })

  it('has no dial to close any more where the driver ended it within the rejection', () => {
    const { harness } = waiting(1, { policy })
    harness.effects.reactions = { reject: () => harness.fail(1, 'given up') }
    harness.advanceTo(100)
    expect(harness.takeLog()).toEqual(['reject r1: ERR_HOLDFAST_ACQUIRE_TIMEOUT'])
    expect(harness.pool.isEmpty).toBe(true)
  })

  it('may ask again within its rejection, and gets another dial', () => {
    const { harness } = waiting(1, { policy })
    harness.effects.reactions = { reject: () => harness.lease('again') }
    harness.advanceTo(100)
    expect(harness.takeLog()).toEqual([
      'reject r1: ERR_HOLDFAST_ACQUIRE_TIMEOUT',
      'dial 2 for again',
      'close 1: aborted',
    ])
  })

  it('has its dial closed once where the pool is destroyed within its rejection', () => {
    const { harness } = waiting(1, { policy })
    harness.effects.reactions = { reject: () => harness.destroy() }
    harness.advanceTo(100)
    expect(harness.takeLog()).toEqual([
      'reject r1: ERR_HOLDFAST_ACQUIRE_TIMEOUT',
      'close 1: aborted',
    ])
  })
})

describe('a pool that ends', () => {
  it('still serves who is dialled for, and keeps no other connection for them', () => {
    const harness = early()
    harness.makeLeased('r1')
    harness.makeIdle(1)
    harness.lease('r2')
    harness.await('r3')
    harness.begin()
    harness.drain()
    harness.release(1, 2)
    harness.open(3)
    harness.release(3)
    expect(harness.takeLog()).toEqual([
      'close 1: drained',
      'close 2: drained',
      'grant 3 to r3',
      'close 3: drained',
    ])
  })

  it('refuses who waits when it has lasted too long, each before its dial is closed', () => {
    const { harness } = waiting(3, { caps: { maxPerOrigin: 2 } })
    harness.drain()
    harness.pool.refuseWaiters(harness.nowMs)
    expect(harness.takeLog()).toEqual([
      'reject r1: ERR_HOLDFAST_POOL_CLOSED',
      'close 1: aborted',
      'reject r2: ERR_HOLDFAST_POOL_CLOSED',
      'close 2: aborted',
      'reject r3: ERR_HOLDFAST_POOL_CLOSED',
    ])
    harness.fail(1, 'given up')
    harness.fail(2, 'given up')
    expect(harness.pool.isEmpty).toBe(true)
  })

  it('and is destroyed fails each request with its own dial, and dials for the others', () => {
    const { harness } = waiting(2, { caps: { maxPerOrigin: 1 } })
    harness.destroy()
    harness.fail(1, 'hung up')
    harness.open(2)
    expect(harness.takeLog()).toEqual([
      'close 1: destroyed',
      'reject r1: hung up',
      'dial 2 for r2',
      'grant 2 to r2',
    ])
  })
})
