import { describe, expect, it } from 'vitest'
import { PoolClosedError } from '../../src/errors.ts'
import { PoolHarness } from '../pool-harness.ts'

describe('a pool that drains', () => {
  it('closes idle connections at once and leased ones once they are served', () => {
    const harness = new PoolHarness()
    harness.makeIdle(1, 'a')
    harness.makeLeased('r1', 'b')
    harness.begin()
    harness.drain()
    expect(harness.takeLog()).toEqual(['close 1: drained'])
    expect(harness.stateOf(2)).toBe('draining')
    harness.release(2)
    expect(harness.takeLog()).toEqual(['close 2: drained'])
    expect(harness.pool.isEmpty).toBe(false)
    harness.closed(1)
    harness.closed(2)
    expect(harness.pool.isEmpty).toBe(true)
    expect(harness.stats).toMatchObject({ closes: { drained: 2 }, origins: {} })
  })

  it('refuses a new request, also where a connection would be there', () => {
    const harness = new PoolHarness()
    harness.makeLeased('r1')
    harness.drain()
    harness.begin()
    expect(harness.lease('r2').waiter).toBeUndefined()
    expect(harness.takeLog()).toEqual(['reject r2: ERR_HOLDFAST_POOL_CLOSED'])
    const error = harness.effects.errors.get('r2')
    expect(error).toBeInstanceOf(PoolClosedError)
    expect(error).toMatchObject({
      name: 'PoolClosedError',
      message: 'the pool is draining and takes no new request (a)',
    })
  })

  it('remembers no origin of a request that it refuses', () => {
    const harness = new PoolHarness()
    harness.drain()
    harness.lease('r1')
    expect(harness.pool.isEmpty).toBe(true)
    expect(harness.stats).toMatchObject({ rejections: 1 })
  })
})

describe('a pool that drains while requests wait', () => {
  it('serves those that wait, with the connections that it has', () => {
    const harness = new PoolHarness({ caps: { maxPerOrigin: 1 } })
    harness.makeLeased('r1')
    harness.await('r2')
    harness.await('r3')
    harness.begin()
    harness.drain()
    harness.release(1)
    harness.release(1)
    harness.release(1)
    expect(harness.takeLog()).toEqual(['grant 1 to r2', 'grant 1 to r3', 'close 1: drained'])
  })

  it('serves those that wait, with the connections that it dials', () => {
    const harness = new PoolHarness({ caps: { maxTotal: 1 } })
    harness.makeLeased('r1', 'a')
    harness.await('r2', 'b')
    harness.drain()
    harness.begin()
    harness.release(1)
    harness.closed(1)
    harness.open(2)
    harness.release(2)
    harness.closed(2)
    expect(harness.takeLog()).toEqual([
      'close 1: drained',
      'dial 2 for r2',
      'grant 2 to r2',
      'close 2: drained',
    ])
    expect(harness.pool.isEmpty).toBe(true)
  })

  it('closes a dial that opens for nobody', () => {
    const harness = new PoolHarness()
    harness.warm(1)
    harness.drain()
    harness.begin()
    harness.open(1)
    expect(harness.takeLog()).toEqual(['close 1: drained'])
  })

  it('still refuses whoever has waited too long', () => {
    const harness = new PoolHarness({
      policy: { acquireTimeoutMs: 100 },
      caps: { maxPerOrigin: 1 },
    })
    harness.makeLeased('r1')
    harness.await('r2')
    harness.drain()
    harness.begin()
    harness.advanceTo(100)
    expect(harness.takeLog()).toEqual(['reject r2: ERR_HOLDFAST_ACQUIRE_TIMEOUT'])
  })
})

describe('a drain that has lasted too long', () => {
  it('refuses everybody who waits, in the order in which they came', () => {
    const harness = new PoolHarness({ caps: { maxPerOrigin: 1 } })
    harness.makeLeased('r1')
    harness.await('r2')
    harness.await('r3', 'b')
    harness.drain()
    harness.begin()
    harness.pool.refuseWaiters(harness.nowMs)
    expect(harness.takeLog()).toEqual([
      'reject r2: ERR_HOLDFAST_POOL_CLOSED',
      'reject r3: ERR_HOLDFAST_POOL_CLOSED',
      'close 2: aborted',
    ])
    expect(harness.stats).toMatchObject({ waiting: 0, rejections: 2, closing: 1, leased: 1 })
    harness.destroy()
    harness.closed(1)
    harness.fail(2)
    expect(harness.pool.isEmpty).toBe(true)
  })
})

describe('draining', () => {
  it('may be asked for again', () => {
    const harness = new PoolHarness()
    harness.makeIdle(1)
    harness.drain()
    harness.drain()
    expect(harness.takeLog()).toEqual(['close 1: drained'])
  })

  it('is done at once where it is empty', () => {
    const harness = new PoolHarness()
    harness.drain()
    expect(harness.pool.isEmpty).toBe(true)
  })
})
