import { describe, expect, it } from 'vitest'
import { PoolHarness } from '../pool-harness.ts'
import type { TestRequest } from '../test-request.ts'

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
    harness.makeLeased('r1')
    harness.await('r2')
    harness.release(1)
    harness.begin()
    harness.open(2)
    expect(harness.takeLog()).toEqual(['close 2: trimmed'])
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

  it('leaves nobody the dial of a request that came before and was served', () => {
    const harness = new PoolHarness()
    harness.makeLeased('r1')
    harness.await('r2')
    harness.await('r3')
    harness.release(1)
    harness.begin()
    harness.open(2)
    expect(harness.takeLog()).toEqual(['grant 2 to r3'])
    harness.open(3)
    expect(harness.takeLog()).toEqual([])
    expect(harness.stats).toMatchObject({ idle: 1, leased: 2, waiting: 0 })
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

  it.each<[string, (harness: PoolHarness, waiter: TestRequest) => void]>([
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

describe('the dial of a request that is cancelled', () => {
  it('goes to the next', () => {
    const harness = new PoolHarness({ caps: { maxPerOrigin: 1 } })
    const waiter = harness.await('r1')
    harness.await('r2')
    harness.begin()
    harness.cancel(waiter)
    harness.open(1)
    expect(harness.takeLog()).toEqual(['grant 1 to r2'])
  })

  it('goes to one that takes nothing else, though nobody else waits', () => {
    const harness = new PoolHarness({ policy: { maxConnectingPerOrigin: 1 } })
    harness.makeLeased('lost')
    const waiter = harness.await('r1')
    harness.lose(1)
    harness.begin()
    harness.cancel(waiter)
    harness.open(2)
    expect(harness.takeLog()).toEqual(['grant 2 to lost'])
  })

  it('ends with it where everybody else has one', () => {
    const harness = new PoolHarness()
    const waiter = harness.await('r1')
    harness.await('r2')
    harness.begin()
    harness.cancel(waiter)
    expect(harness.takeLog()).toEqual(['close 1: aborted'])
    harness.await('r3')
    expect(harness.takeLog()).toEqual(['dial 3 for r3'])
    harness.open(2)
    harness.fail(1, 'given up')
    expect(harness.takeLog()).toEqual(['grant 2 to r2'])
    expect(harness.stats).toMatchObject({ dialFailures: 0, closes: { aborted: 1 }, waiting: 1 })
  })
})
