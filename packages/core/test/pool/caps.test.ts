import { describe, expect, it } from 'vitest'
import { PoolHarness } from '../pool-harness.ts'

describe('the cap of an origin', () => {
  it('lets requests wait once it is reached', () => {
    const harness = new PoolHarness({ caps: { maxPerOrigin: 2 } })
    for (const request of ['r1', 'r2', 'r3']) harness.await(request)
    expect(harness.takeLog()).toEqual(['dial 1 for r1', 'dial 2 for r2'])
    expect(harness.stats).toMatchObject({ connecting: 2, waiting: 3, queued: 1 })
  })

  it('does not concern other origins', () => {
    const harness = new PoolHarness({ caps: { maxPerOrigin: 1 } })
    harness.await('r1', 'a')
    harness.await('r2', 'b')
    expect(harness.takeLog()).toEqual(['dial 1 for r1', 'dial 2 for r2'])
  })

  it('counts a connection until its descriptor is gone', () => {
    const harness = new PoolHarness({ caps: { maxPerOrigin: 1 } })
    harness.makeIdle(1)
    harness.retire(1, 'peer_fin')
    harness.await('r2')
    expect(harness.takeLog()).toEqual(['close 1: peer_fin'])
    harness.closed(1)
    expect(harness.takeLog()).toEqual(['dial 2 for r2'])
  })

  it('no longer counts a connection that was detached', () => {
    const harness = new PoolHarness({ caps: { maxPerOrigin: 1 } })
    harness.makeLeased('r1')
    harness.await('r2')
    harness.begin()
    harness.detach(1)
    expect(harness.takeLog()).toEqual(['dial 2 for r2'])
  })
})

describe('the total cap', () => {
  it('lets requests of any origin wait once it is reached', () => {
    const harness = new PoolHarness({ caps: { maxTotal: 2 } })
    harness.makeLeased('r1', 'a')
    harness.makeLeased('r2', 'b')
    harness.begin()
    harness.await('r3', 'c')
    expect(harness.takeLog()).toEqual([])
    expect(harness.pool.openCount).toBe(2)
  })

  it('closes the idle connection that was used least recently, of whatever other origin', () => {
    const harness = new PoolHarness({ caps: { maxTotal: 3 } })
    harness.makeLeased('r1', 'a')
    harness.makeLeased('r2', 'b')
    harness.makeLeased('r3', 'a')
    harness.release(2, 3, 1)
    harness.begin()
    harness.await('r4', 'c')
    expect(harness.takeLog()).toEqual(['close 2: evicted'])
    harness.closed(2)
    expect(harness.takeLog()).toEqual(['dial 4 for r4'])
  })

  it('closes as many as there are requests that need a place, and no more', () => {
    const harness = new PoolHarness({ caps: { maxTotal: 4 } })
    harness.makeIdle(4)
    harness.await('r1', 'b')
    harness.await('r2', 'c')
    expect(harness.takeLog()).toEqual(['close 1: evicted', 'close 2: evicted'])
    harness.closed(1)
    harness.closed(2)
    expect(harness.takeLog()).toEqual(['dial 5 for r1', 'dial 6 for r2'])
    expect(harness.stats).toMatchObject({ idle: 2, connecting: 2, queued: 0 })
  })
})

describe('the total cap closes', () => {
  it('nothing for a request whose origin is at its own cap', () => {
    const harness = new PoolHarness({ caps: { maxPerOrigin: 1, maxTotal: 3 } })
    harness.makeIdle(1, 'a')
    harness.makeIdle(1, 'b')
    harness.makeLeased('r1', 'c')
    harness.begin()
    harness.await('r2', 'c')
    expect(harness.takeLog()).toEqual([])
  })

  it('nothing more for requests that could not use the place', () => {
    const harness = new PoolHarness({ caps: { maxPerOrigin: 1, maxTotal: 4 } })
    for (const origin of ['d', 'e', 'f']) harness.makeIdle(1, origin)
    harness.makeLeased('r1', 'b')
    for (const request of ['r2', 'r3', 'r4']) harness.await(request, 'b')
    harness.begin()
    harness.await('r5', 'c')
    expect(harness.takeLog()).toEqual(['close 1: evicted'])
    harness.closed(1)
    expect(harness.takeLog()).toEqual(['dial 5 for r5'])
    expect(harness.stats).toMatchObject({ idle: 2 })
  })

  it('nothing where a connection is about to leave its place anyway', () => {
    const harness = new PoolHarness({ caps: { maxTotal: 2 } })
    harness.makeIdle(2)
    harness.retire(2, 'peer_fin')
    harness.begin()
    harness.await('r1', 'b')
    expect(harness.takeLog()).toEqual([])
    harness.closed(2)
    expect(harness.takeLog()).toEqual(['dial 3 for r1'])
  })

  it('a connection that becomes idle while another origin waits for its place', () => {
    const harness = new PoolHarness({ caps: { maxTotal: 1 } })
    harness.makeLeased('r1', 'a')
    harness.await('r2', 'b')
    harness.begin()
    harness.release(1)
    expect(harness.takeLog()).toEqual(['close 1: evicted'])
    harness.closed(1)
    expect(harness.takeLog()).toEqual(['dial 2 for r2'])
  })
})

describe('the total cap and dials:', () => {
  it('one that nobody waits for closes, when another origin comes to wait for its place', () => {
    const harness = new PoolHarness({ caps: { maxTotal: 1 } })
    harness.warm(1, 'a')
    harness.begin()
    harness.await('r2', 'b')
    expect(harness.takeLog()).toEqual(['close 1: evicted'])
    harness.fail(1, 'given up')
    expect(harness.takeLog()).toEqual(['dial 2 for r2'])
  })

  it('one that nobody waits for any more closes while another origin waits for its place', () => {
    const harness = new PoolHarness({ caps: { maxTotal: 2 } })
    harness.makeLeased('r1', 'a')
    harness.await('r2', 'a')
    harness.await('r3', 'b')
    harness.begin()
    harness.release(1)
    expect(harness.takeLog()).toEqual(['grant 1 to r2', 'close 2: evicted'])
    harness.fail(2, 'given up')
    expect(harness.takeLog()).toEqual(['dial 3 for r3'])
  })

  it('nothing closes where one that its request gave up is about to leave its place', () => {
    const harness = new PoolHarness({ caps: { maxTotal: 2 } })
    harness.makeIdle(1, 'a')
    const waiter = harness.await('r1', 'b')
    harness.cancel(waiter)
    harness.begin()
    harness.await('r2', 'c')
    expect(harness.takeLog()).toEqual([])
    harness.fail(2, 'given up')
    expect(harness.takeLog()).toEqual(['dial 3 for r2'])
    expect(harness.stateOf(1)).toBe('idle')
  })

  it('those that nobody waits for close before idle connections, the oldest first', () => {
    const harness = new PoolHarness({ caps: { maxTotal: 3 } })
    harness.makeIdle(1, 'a')
    harness.warm(2, 'b')
    harness.begin()
    for (const request of ['r3', 'r4', 'r5']) harness.await(request, 'c')
    expect(harness.takeLog()).toEqual(['close 2: evicted', 'close 3: evicted', 'close 1: evicted'])
  })
})

describe('the cap of dials in progress', () => {
  const policy = { maxConnectingPerOrigin: 1 }

  it('lets an origin dial only so often at once', () => {
    const harness = new PoolHarness({ policy })
    for (const request of ['r1', 'r2', 'r3']) harness.await(request)
    expect(harness.takeLog()).toEqual(['dial 1 for r1'])
    harness.open(1)
    expect(harness.takeLog()).toEqual(['grant 1 to r1', 'dial 2 for r2'])
    harness.fail(2)
    expect(harness.takeLog()).toEqual(['reject r2: refused by the peer', 'dial 3 for r3'])
  })

  it('does not concern other origins', () => {
    const harness = new PoolHarness({ policy })
    harness.await('r1', 'a')
    harness.await('r2', 'b')
    expect(harness.takeLog()).toEqual(['dial 1 for r1', 'dial 2 for r2'])
  })
})

describe('the cap of idle connections', () => {
  it.each([
    [0, ['close 1: trimmed', 'close 2: trimmed', 'close 3: trimmed']],
    [2, ['close 3: trimmed']],
    [3, []],
  ])('of %i closes what is released beyond it: %j', (maxIdlePerOrigin, log) => {
    const harness = new PoolHarness({ caps: { maxIdlePerOrigin } })
    for (const request of ['r1', 'r2', 'r3']) harness.makeLeased(request)
    harness.begin()
    harness.release(1, 2, 3)
    expect(harness.takeLog()).toEqual(log)
  })

  it('counts each origin for itself', () => {
    const harness = new PoolHarness({ caps: { maxIdlePerOrigin: 1 } })
    harness.makeLeased('r1', 'a')
    harness.makeLeased('r2', 'b')
    harness.release(1, 2)
    expect(harness.stats).toMatchObject({ idle: 2 })
  })

  it('does not concern a connection that a waiter gets', () => {
    const harness = new PoolHarness({ caps: { maxPerOrigin: 1, maxIdlePerOrigin: 0 } })
    harness.makeLeased('r1')
    harness.await('r2')
    harness.begin()
    harness.release(1)
    expect(harness.takeLog()).toEqual(['grant 1 to r2'])
  })
})

describe('a cap that changes at run time', () => {
  it('admits more with the next event of the origin, the oldest request first', () => {
    const harness = new PoolHarness({ caps: { maxPerOrigin: 1 } })
    for (const request of ['r1', 'r2']) harness.await(request)
    harness.begin()
    harness.caps.maxPerOrigin = 3
    harness.await('r3')
    expect(harness.takeLog()).toEqual(['dial 2 for r2', 'dial 3 for r3'])
  })

  it('admits more in total with the next event of any origin', () => {
    const harness = new PoolHarness({ caps: { maxTotal: 1 } })
    harness.makeLeased('r1', 'a')
    harness.await('r2', 'b')
    harness.begin()
    harness.caps.maxTotal = 3
    harness.await('r3', 'c')
    expect(harness.takeLog()).toEqual(['dial 2 for r2', 'dial 3 for r3'])
  })

  it('sacrifices no connection where it leaves room for all, and the next release tells', () => {
    const harness = new PoolHarness({ caps: { maxTotal: 1 } })
    harness.makeLeased('r1', 'a')
    harness.await('r2', 'b')
    harness.begin()
    harness.caps.maxTotal = 2
    harness.release(1)
    expect(harness.stateOf(1)).toBe('idle')
    expect(harness.takeLog()).toEqual(['dial 2 for r2'])
  })

  it('lets no origin dial beyond its own cap, though its turn comes in total', () => {
    const harness = new PoolHarness({ caps: { maxPerOrigin: 2, maxTotal: 2 } })
    harness.makeLeased('r1', 'a')
    harness.makeLeased('r2', 'b')
    harness.await('r3', 'a')
    harness.begin()
    harness.caps.maxPerOrigin = 1
    harness.closed(2)
    expect(harness.takeLog()).toEqual([])
    harness.release(1)
    expect(harness.takeLog()).toEqual(['grant 1 to r3'])
  })

  it('closes one idle connection after the other until a lowered total admits a dial', () => {
    const harness = new PoolHarness({ caps: { maxTotal: 3 } })
    harness.makeIdle(3)
    harness.caps.maxTotal = 2
    harness.await('r1', 'b')
    for (const id of [1, 2]) harness.closed(id)
    expect(harness.takeLog()).toEqual(['close 1: evicted', 'close 2: evicted', 'dial 4 for r1'])
  })
})
