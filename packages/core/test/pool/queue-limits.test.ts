import { describe, expect, it } from 'vitest'
import { AcquireTimeoutError, QueueFullError } from '../../src/errors.ts'
import { PoolHarness } from '../pool-harness.ts'

describe('maxQueuedRequests', () => {
  it('refuses at once what would queue beyond it, and says how the origin stands', () => {
    const harness = new PoolHarness({
      policy: { maxQueuedRequests: 1 },
      caps: { maxPerOrigin: 2 },
    })
    harness.makeLeased('r1')
    harness.await('r2')
    harness.await('r3')
    harness.begin()
    expect(harness.lease('r4').waiter).toBeUndefined()
    expect(harness.takeLog()).toEqual(['reject r4: ERR_HOLDFAST_QUEUE_FULL'])
    const error = harness.effects.errors.get('r4')
    expect(error).toBeInstanceOf(QueueFullError)
    expect(error).toMatchObject({
      name: 'QueueFullError',
      message:
        'the queue of a is at its limit of 1 (connecting 1, idle 0, leased 1, closing 0, queued 1)',
      occupancy: { connecting: 1, idle: 0, leased: 1, closing: 0, queued: 1 },
    })
  })

  it('counts each origin for itself', () => {
    const harness = new PoolHarness({ policy: { maxQueuedRequests: 1 }, caps: { maxTotal: 1 } })
    harness.makeLeased('r1', 'a')
    harness.await('r2', 'b')
    harness.await('r3', 'c')
    expect(harness.stats).toMatchObject({ queued: 2, rejections: 0 })
  })

  it('does not count requests with a dial of their own', () => {
    const harness = new PoolHarness({ policy: { maxQueuedRequests: 0 }, caps: { maxPerOrigin: 2 } })
    harness.await('r1')
    harness.await('r2')
    expect(harness.lease('r3').waiter).toBeUndefined()
    expect(harness.takeLog()).toEqual([
      'dial 1 for r1',
      'dial 2 for r2',
      'reject r3: ERR_HOLDFAST_QUEUE_FULL',
    ])
  })

  it('admits again what comes after one has left the queue', () => {
    const harness = new PoolHarness({ policy: { maxQueuedRequests: 1 }, caps: { maxPerOrigin: 1 } })
    harness.makeLeased('r1')
    harness.await('r2')
    harness.release(1)
    harness.await('r3')
    expect(harness.stats).toMatchObject({ queued: 1, rejections: 0 })
  })
})

describe('maxQueuedRequests of 0', () => {
  const policy = { maxQueuedRequests: 0 }

  it('admits what an idle connection serves', () => {
    const harness = new PoolHarness({ policy, caps: { maxPerOrigin: 1 } })
    harness.makeIdle(1)
    harness.lease('r2')
    expect(harness.takeLog()).toEqual(['grant 1 to r2'])
  })

  it('admits what takes over a spare dial', () => {
    const harness = new PoolHarness({ policy, caps: { maxPerOrigin: 1 } })
    harness.warm(1)
    harness.await('r2')
    harness.open(1)
    expect(harness.takeLog()).toEqual(['dial 1 ahead', 'grant 1 to r2'])
  })

  it('admits what an eviction makes way for', () => {
    const harness = new PoolHarness({ policy, caps: { maxTotal: 1 } })
    harness.makeIdle(1, 'a')
    harness.await('r2', 'b')
    harness.closed(1)
    expect(harness.takeLog()).toEqual(['close 1: evicted', 'dial 2 for r2'])
  })

  it('admits one at a time of those that an eviction makes way for', () => {
    const harness = new PoolHarness({ policy, caps: { maxTotal: 2 } })
    harness.makeIdle(2, 'a')
    harness.await('r1', 'b')
    harness.lease('r2', 'b')
    expect(harness.takeLog()).toEqual(['close 1: evicted', 'reject r2: ERR_HOLDFAST_QUEUE_FULL'])
    harness.closed(1)
    harness.await('r3', 'b')
    expect(harness.takeLog()).toEqual(['dial 3 for r1', 'close 2: evicted'])
  })

  it('refuses what nothing could make way for, and forgets the origin', () => {
    const harness = new PoolHarness({ policy, caps: { maxTotal: 1 } })
    harness.makeLeased('r1', 'a')
    harness.lease('r2', 'b')
    expect(harness.effects.errors.get('r2')).toBeInstanceOf(QueueFullError)
    expect([...harness.pool.origins.keys()]).toEqual(['a'])
  })
})

describe('acquireTimeoutMs', () => {
  const policy = { acquireTimeoutMs: 100 }

  it.each([
    [109, []],
    [110, ['reject r1: ERR_HOLDFAST_ACQUIRE_TIMEOUT', 'close 1: aborted']],
    [111, ['reject r1: ERR_HOLDFAST_ACQUIRE_TIMEOUT', 'close 1: aborted']],
  ])('of 100 refuses what waits since 10, by the deadline: at %i %j', (nowMs, log) => {
    const harness = new PoolHarness({ policy })
    harness.nowMs = 10
    harness.await('r1')
    harness.begin()
    expect(harness.pool.nextDeadlineMs).toBe(110)
    harness.advanceTo(nowMs)
    expect(harness.takeLog()).toEqual(log)
  })

  it.each([
    [Number.POSITIVE_INFINITY, false],
    [100, true],
  ])('of %d has a request wait that may not wait for ever: %s', (acquireTimeoutMs, isTimed) => {
    const harness = new PoolHarness({ policy: { acquireTimeoutMs } })
    expect(harness.pool.isDeadlineAwaited).toBe(false)
    harness.await('r1')
    expect(harness.pool.isDeadlineAwaited).toBe(isTimed)
    harness.open(1)
    expect(harness.pool.isDeadlineAwaited).toBe(false)
  })

  it('says how the origin stood', () => {
    const harness = new PoolHarness({ policy, caps: { maxPerOrigin: 3 } })
    harness.makeLeased('r1')
    harness.makeLeased('r2')
    harness.retire(2, 'max_age')
    harness.release(2)
    harness.await('r3')
    harness.await('r4')
    harness.advanceTo(100)
    const error = harness.effects.errors.get('r3')
    expect(error).toBeInstanceOf(AcquireTimeoutError)
    expect(error).toMatchObject({
      name: 'AcquireTimeoutError',
      code: 'ERR_HOLDFAST_ACQUIRE_TIMEOUT',
      message:
        'no connection to a within 100 ms (connecting 1, idle 0, leased 1, closing 1, queued 1)',
    })
  })

  it('refuses the oldest of all origins first, and only those whose time is up', () => {
    const harness = new PoolHarness({ policy })
    for (const [request, origin] of [
      ['r1', 'b'],
      ['r2', 'a'],
      ['r3', 'b'],
    ] as const) {
      harness.await(request, origin)
      harness.nowMs += 10
    }
    harness.begin()
    harness.advanceTo(110)
    expect([...harness.effects.errors.keys()]).toEqual(['r1', 'r2'])
    expect(harness.pool.nextDeadlineMs).toBe(120)
  })
})

describe('a request whose time is up', () => {
  const policy = { acquireTimeoutMs: 100 }

  it('leaves its dial to the next', () => {
    const harness = new PoolHarness({ policy, caps: { maxPerOrigin: 1 } })
    harness.await('r1')
    harness.nowMs = 50
    harness.await('r2')
    harness.advanceTo(100)
    harness.begin()
    harness.open(1)
    expect(harness.takeLog()).toEqual(['grant 1 to r2'])
  })

  it('never was one once it was granted or cancelled', () => {
    const harness = new PoolHarness({ policy })
    harness.makeLeased('r1')
    harness.cancel(harness.await('r2'))
    expect(harness.pool.nextDeadlineMs).toBe(Number.POSITIVE_INFINITY)
    harness.begin()
    harness.advanceTo(1000)
    expect(harness.takeLog()).toEqual([])
  })

  it('and a connection that expires: the earlier one is the next deadline', () => {
    const harness = new PoolHarness({ policy: { ...policy, idleTimeoutMs: 70 } })
    harness.makeIdle(1, 'a')
    harness.nowMs = 10
    harness.await('r1', 'b')
    expect(harness.pool.nextDeadlineMs).toBe(70)
    harness.advanceTo(70)
    expect(harness.pool.nextDeadlineMs).toBe(110)
  })
})
