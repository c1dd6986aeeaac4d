import { describe, expect, it } from 'vitest'
import { PoolHarness, type TestWaiter } from '../test/pool-harness.ts'

describe('a released connection', () => {
  it('serves a request whose own dial is still in progress; the dial then becomes idle', () => {
    const harness = new PoolHarness()
    harness.makeLeased('r1')
    harness.await('r2')
    harness.begin()
    harness.release(1)
    expect(harness.takeLog()).toEqual(['grant 1 to r2'])
    expect(harness.stats).toMatchObject({ connecting: 1, leased: 1, waiting: 0 })
    harness.open(2)
    expect(harness.takeLog()).toEqual([])
    expect(harness.stateOf(2)).toBe('idle')
  })

  it('serves the waiter that has waited longest', () => {
    const harness = new PoolHarness({ caps: { maxPerOrigin: 1 } })
    harness.makeLeased('r1')
    for (const request of ['x', 'y', 'z']) harness.await(request)
    harness.begin()
    harness.release(1)
    harness.release(1)
    harness.release(1)
    expect(harness.takeLog()).toEqual(['grant 1 to x', 'grant 1 to y', 'grant 1 to z'])
  })
})

describe('a spare dial', () => {
  it('is taken over by the next request, which needs no dial of its own', () => {
    const harness = new PoolHarness()
    harness.makeLeased('r1')
    harness.await('r2')
    harness.release(1)
    harness.begin()
    harness.await('r3')
    expect(harness.takeLog()).toEqual([])
    expect(harness.stats).toMatchObject({ connecting: 1, waiting: 1, queued: 0 })
    harness.open(2)
    expect(harness.takeLog()).toEqual(['grant 2 to r3'])
  })

  it('is taken over at once by a request that had no dial', () => {
    const harness = new PoolHarness({ caps: { maxPerOrigin: 2 } })
    harness.makeLeased('r1')
    harness.await('r2')
    harness.await('r3')
    expect(harness.stats).toMatchObject({ waiting: 2, queued: 1 })
    harness.release(1)
    expect(harness.stats).toMatchObject({ waiting: 1, queued: 0 })
    harness.begin()
    harness.open(2)
    expect(harness.takeLog()).toEqual(['grant 2 to r3'])
  })

  it('that fails hurts nobody', () => {
    const harness = new PoolHarness()
    harness.makeLeased('r1')
    harness.await('r2')
    harness.release(1)
    harness.begin()
    harness.fail(2)
    expect(harness.takeLog()).toEqual([])
    expect(harness.stats).toMatchObject({ dialFailures: 1, rejections: 0, leased: 1 })
  })

  it('that opens unneeded is trimmed where enough are idle', () => {
    const harness = new PoolHarness({ caps: { maxIdlePerOrigin: 0 } })
    harness.cancel(harness.await('r1'))
    harness.open(1)
    expect(harness.takeLog()).toEqual(['dial 1 for r1', 'close 1: trimmed'])
  })
})

describe('a dial that opens out of order', () => {
  it('serves the request that has waited longest', () => {
    const harness = new PoolHarness()
    for (const request of ['r1', 'r2', 'r3']) harness.await(request)
    harness.begin()
    harness.open(3)
    harness.open(2)
    harness.open(1)
    expect(harness.takeLog()).toEqual(['grant 3 to r1', 'grant 2 to r2', 'grant 1 to r3'])
  })

  it('leaves its own request the dial of the one that it served', () => {
    const harness = new PoolHarness()
    for (const request of ['r1', 'r2', 'r3']) harness.await(request)
    harness.open(2)
    harness.begin()
    harness.fail(1)
    expect(harness.takeLog()).toEqual(['reject r2: refused by the peer'])
    harness.open(3)
    expect(harness.takeLog()).toEqual(['grant 3 to r3'])
  })

  it('leaves nobody the dial of a request that came before and has gone', () => {
    const harness = new PoolHarness()
    const first = harness.await('r1')
    harness.await('r2')
    harness.cancel(first)
    harness.begin()
    harness.open(1)
    expect(harness.takeLog()).toEqual(['grant 1 to r2'])
    harness.open(2)
    expect(harness.takeLog()).toEqual([])
    expect(harness.stats).toMatchObject({ idle: 1, leased: 1, waiting: 0 })
  })
})

describe('a failed dial', () => {
  it('fails the one request that it was begun for', () => {
    const harness = new PoolHarness()
    for (const request of ['r1', 'r2', 'r3']) harness.await(request)
    harness.begin()
    harness.fail(2, 'no route')
    expect(harness.takeLog()).toEqual(['reject r2: no route'])
    expect(harness.stats).toMatchObject({ connecting: 2, waiting: 2, rejections: 1 })
  })

  it('hands its error on as it is', () => {
    const harness = new PoolHarness()
    harness.await('r1')
    const error = new Error('no route')
    harness.pool.dialFailed(harness.connection(1), error, 0)
    expect(harness.effects.errors.get('r1')).toBe(error)
  })

  it('makes way for the dial of the next', () => {
    const harness = new PoolHarness({ caps: { maxPerOrigin: 1 } })
    harness.await('r1')
    harness.await('r2')
    harness.begin()
    harness.fail(1)
    expect(harness.takeLog()).toEqual(['reject r1: refused by the peer', 'dial 2 for r2'])
  })
})

describe('a request that is cancelled', () => {
  it('leaves the queue, and nobody else notices', () => {
    const harness = new PoolHarness({ caps: { maxPerOrigin: 1 } })
    harness.makeLeased('r1')
    const waiter = harness.await('r2')
    harness.await('r3')
    harness.begin()
    harness.cancel(waiter)
    expect(harness.stats).toMatchObject({ waiting: 1, queued: 1 })
    harness.release(1)
    expect(harness.takeLog()).toEqual(['grant 1 to r3'])
  })

  it('leaves its dial to the next', () => {
    const harness = new PoolHarness({ caps: { maxPerOrigin: 1 } })
    const waiter = harness.await('r1')
    harness.await('r2')
    harness.cancel(waiter)
    harness.begin()
    harness.open(1)
    expect(harness.takeLog()).toEqual(['grant 1 to r2'])
  })

  it.each<[string, (harness: PoolHarness, waiter: TestWaiter) => void]>([
    ['cancelled', (harness, waiter) => harness.cancel(waiter)],
    ['granted', (harness) => harness.open(1)],
    ['rejected', (harness) => harness.fail(1)],
    ['timed out', (harness) => harness.advanceTo(100)],
  ])('may be cancelled although it was %s already', (_, settle) => {
    const harness = new PoolHarness({ policy: { acquireTimeoutMs: 100 } })
    const waiter = harness.await('r1')
    settle(harness, waiter)
    const before = harness.stats
    harness.begin()
    harness.cancel(waiter)
    expect(harness.stats).toEqual(before)
    expect(harness.takeLog()).toEqual([])
  })

  it('never blocks the others, however many are', () => {
    const harness = new PoolHarness({ caps: { maxPerOrigin: 1 } })
    harness.makeLeased('holder')
    for (let round = 0; round < 1000; round++) harness.cancel(harness.await(`r${round}`))
    harness.await('last')
    harness.begin()
    harness.release(1)
    expect(harness.takeLog()).toEqual(['grant 1 to last'])
  })
})

describe('a dial that is claimed', () => {
  /** Request r2 has claimed dial 2; r1 and r3 wait for whatever comes first. */
  const claimed = (): PoolHarness => {
    const harness = new PoolHarness({ caps: { maxPerOrigin: 3 } })
    for (const request of ['r1', 'r2', 'r3']) harness.await(request)
    harness.claim(2)
    harness.begin()
    return harness
  }

  it('serves the request that it was begun for, though others wait longer', () => {
    const harness = claimed()
    harness.open(2)
    expect(harness.takeLog()).toEqual(['grant 2 to r2'])
    harness.open(3, 1)
    expect(harness.takeLog()).toEqual(['grant 3 to r1', 'grant 1 to r3'])
  })

  it('is all that its request waits for', () => {
    const harness = claimed()
    harness.open(1)
    harness.open(3)
    harness.release(1)
    expect(harness.takeLog()).toEqual(['grant 1 to r1', 'grant 3 to r3'])
    expect(harness.stateOf(1)).toBe('idle')
    expect(harness.stats).toMatchObject({ idle: 1, waiting: 1, queued: 0 })
  })

  it('fails its request where it fails', () => {
    const harness = claimed()
    harness.fail(2)
    expect(harness.takeLog()).toEqual(['reject r2: refused by the peer'])
    expect(harness.stats).toMatchObject({ waiting: 2 })
  })

  it('is the next request’s once its own is cancelled', () => {
    const harness = new PoolHarness({ caps: { maxPerOrigin: 1 } })
    const waiter = harness.await('r1')
    harness.await('r2')
    harness.claim(1)
    harness.cancel(waiter)
    harness.begin()
    harness.open(1)
    expect(harness.takeLog()).toEqual(['grant 1 to r2'])
  })

  it('may be claimed again, or by nobody', () => {
    const harness = claimed()
    harness.claim(2)
    harness.open(2)
    harness.claim(2)
    expect(harness.takeLog()).toEqual(['grant 2 to r2'])
    expect(harness.stats).toMatchObject({ waiting: 2 })
  })
})
