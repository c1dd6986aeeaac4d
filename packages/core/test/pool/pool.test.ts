import { describe, expect, it } from 'vitest'
import { PoolHarness } from '../pool-harness.ts'
import { targetOf } from '../target-of.ts'

describe('a request', () => {
  it('gets a new connection where none is idle', () => {
    const harness = new PoolHarness()
    const request = harness.await('r1')
    expect(request.waiter).toMatchObject({ request, target: targetOf('a'), queuedAtMs: 0 })
    expect(harness.takeLog()).toEqual(['dial 1 for r1'])
    harness.open(1)
    expect(harness.takeLog()).toEqual(['grant 1 to r1'])
    expect(harness.stateOf(1)).toBe('leased')
  })

  it('whose dial fails gets the very error', () => {
    const harness = new PoolHarness()
    harness.await('r1')
    const error = new Error('no route')
    harness.pool.dialFailed(harness.connection(1), error, 0)
    expect(harness.effects.errors.get('r1')).toBe(error)
  })

  it('gets an idle connection at once, without a waiter', () => {
    const harness = new PoolHarness()
    harness.makeIdle(1)
    expect(harness.lease('r2').waiter).toBeUndefined()
    expect(harness.takeLog()).toEqual(['grant 1 to r2'])
  })

  it('never gets a connection of another origin', () => {
    const harness = new PoolHarness()
    harness.makeIdle(1, 'a')
    harness.await('r2', 'b')
    expect(harness.takeLog()).toEqual(['dial 2 for r2'])
    expect(harness.stateOf(1)).toBe('idle')
  })

  it('finds a connection dated that was not opened for it just now', () => {
    const harness = new PoolHarness()
    harness.await('r1')
    harness.open(1)
    expect(harness.connection(1).isDated).toBe(false)
    harness.release(1)
    harness.lease('r2')
    expect(harness.connection(1).isDated).toBe(true)
  })

  it('finds a connection dated that has been idle, though nobody has used it', () => {
    const harness = new PoolHarness()
    harness.warm(1)
    harness.open(1)
    harness.lease('r1')
    const { isReused, isDated } = harness.connection(1)
    expect({ isReused, isDated }).toEqual({ isReused: false, isDated: true })
  })

  it('finds the transport where the driver has put it', () => {
    const harness = new PoolHarness()
    harness.await('r1')
    expect(harness.connection(1).transport).toBeUndefined()
  })
})

describe('of several idle connections', () => {
  it('the one released last is used first by default', () => {
    const harness = new PoolHarness({ scheduling: 'lifo' })
    harness.makeIdle(3)
    for (const request of ['x', 'y', 'z']) harness.lease(request)
    expect(harness.takeLog()).toEqual(['grant 3 to x', 'grant 2 to y', 'grant 1 to z'])
  })

  it('the one released first is used first with fifo', () => {
    const harness = new PoolHarness({ scheduling: 'fifo' })
    harness.makeIdle(3)
    for (const request of ['x', 'y', 'z']) harness.lease(request)
    expect(harness.takeLog()).toEqual(['grant 1 to x', 'grant 2 to y', 'grant 3 to z'])
  })

  it('the order is that of the releases, not of the dials', () => {
    const harness = new PoolHarness()
    for (const request of ['r1', 'r2', 'r3']) harness.makeLeased(request)
    harness.release(2, 3, 1)
    harness.begin()
    for (const request of ['x', 'y', 'z']) harness.lease(request)
    expect(harness.takeLog()).toEqual(['grant 1 to x', 'grant 3 to y', 'grant 2 to z'])
  })
})

describe('an idle connection', () => {
  it.each([
    [149, []],
    [150, ['close 1: idle_timeout']],
    [151, ['close 1: idle_timeout']],
  ])('that may idle 50 ms from 100 on is closed by the deadline: at %i %j', (nowMs, log) => {
    const harness = new PoolHarness({ policy: { idleTimeoutMs: 50 } })
    harness.nowMs = 100
    harness.makeIdle(1)
    expect(harness.pool.nextDeadlineMs).toBe(150)
    harness.advanceTo(nowMs)
    expect(harness.takeLog()).toEqual(log)
    expect(harness.pool.nextDeadlineMs).toBe(log.length === 0 ? 150 : Number.POSITIVE_INFINITY)
  })

  it.each([
    [149, ['grant 1 to r2']],
    [150, ['close 1: idle_timeout', 'dial 2 for r2']],
    [151, ['close 1: idle_timeout', 'dial 2 for r2']],
  ])('is judged at the lease, although nobody advanced: at %i %j', (nowMs, log) => {
    const harness = new PoolHarness({ policy: { idleTimeoutMs: 50 } })
    harness.nowMs = 100
    harness.makeIdle(1)
    harness.nowMs = nowMs
    harness.lease('r2')
    expect(harness.takeLog()).toEqual(log)
  })

  it('begins its idle time anew with each release', () => {
    const harness = new PoolHarness({ policy: { idleTimeoutMs: 50 } })
    harness.makeIdle(1)
    harness.nowMs = 40
    harness.lease('r2')
    expect(harness.pool.nextDeadlineMs).toBe(Number.POSITIVE_INFINITY)
    harness.nowMs = 60
    harness.release(1)
    expect(harness.pool.nextDeadlineMs).toBe(110)
    harness.advanceTo(109)
    expect(harness.stateOf(1)).toBe('idle')
  })

  it('expires alone: those released later stay', () => {
    const harness = new PoolHarness({ policy: { idleTimeoutMs: 50 } })
    for (const request of ['r1', 'r2', 'r3']) harness.makeLeased(request)
    for (const id of [2, 1, 3]) {
      harness.nowMs += 10
      harness.release(id)
    }
    harness.begin()
    expect(harness.pool.nextDeadlineMs).toBe(60)
    harness.advanceTo(70)
    expect(harness.takeLog()).toEqual(['close 2: idle_timeout', 'close 1: idle_timeout'])
    expect(harness.pool.nextDeadlineMs).toBe(80)
  })

  it('has no deadline where nothing limits it', () => {
    const harness = new PoolHarness()
    harness.makeIdle(2)
    expect(harness.pool.nextDeadlineMs).toBe(Number.POSITIVE_INFINITY)
    harness.advanceTo(Number.MAX_SAFE_INTEGER)
    expect(harness.takeLog()).toEqual([])
  })
})

describe('a connection of two requests', () => {
  const policy = { maxRequestsPerConnection: 2 }

  it('announces the last one when it is granted, and closes when it is served', () => {
    const harness = new PoolHarness({ policy })
    harness.makeIdle(1)
    harness.lease('r2')
    expect(harness.takeLog()).toEqual(['grant 1 to r2 as its last'])
    expect(harness.takeEvents()).toMatchObject([
      { type: 'connection:draining', connectionId: 1, reason: 'max_requests' },
    ])
    harness.release(1)
    expect(harness.takeLog()).toEqual(['close 1: max_requests'])
    expect(harness.stateOf(1)).toBe('closing')
  })

  it('announces the last one to a waiter too', () => {
    const harness = new PoolHarness({ policy, caps: { maxPerOrigin: 1 } })
    harness.makeLeased('r1')
    harness.await('r2')
    harness.begin()
    harness.release(1)
    expect(harness.takeLog()).toEqual(['grant 1 to r2 as its last'])
  })

  it('makes way for a new one, once it is gone, for those that still wait', () => {
    const harness = new PoolHarness({
      policy: { maxRequestsPerConnection: 1 },
      caps: { maxPerOrigin: 1 },
    })
    harness.makeLeased('r1')
    harness.await('r2')
    expect(harness.takeLog()).toEqual(['dial 1 for r1', 'grant 1 to r1 as its last'])
    harness.release(1)
    expect(harness.takeLog()).toEqual(['close 1: max_requests'])
    harness.closed(1)
    expect(harness.takeLog()).toEqual(['dial 2 for r2'])
  })
})

describe('an old connection', () => {
  const policy = { maxConnectionAgeMs: 100, connectionAgeJitter: 0.5 }

  it.each([
    [99, 'grant 1 to r2'],
    [100, 'close 1: max_age'],
    [101, 'close 1: max_age'],
  ])('takes no further request: at %i %s', (nowMs, first) => {
    const harness = new PoolHarness({ policy })
    harness.makeIdle(1)
    harness.nowMs = nowMs
    harness.lease('r2')
    expect(harness.takeLog()[0]).toBe(first)
  })

  it('finishes the request in progress first', () => {
    const harness = new PoolHarness({ policy })
    harness.makeLeased('r1')
    harness.advanceTo(500)
    expect(harness.stateOf(1)).toBe('leased')
    harness.begin()
    harness.release(1)
    expect(harness.takeLog()).toEqual(['close 1: max_age'])
  })

  it('is not handed to a waiter', () => {
    const harness = new PoolHarness({ policy, caps: { maxPerOrigin: 1 } })
    harness.makeLeased('r1')
    harness.await('r2')
    harness.begin()
    harness.nowMs = 100
    harness.release(1)
    harness.closed(1)
    expect(harness.takeLog()).toEqual(['close 1: max_age', 'dial 2 for r2'])
  })

  it('ends earlier by the jitter that was drawn at its birth', () => {
    const draws = [0, 0.5]
    const harness = new PoolHarness({ policy, random: () => draws.shift() ?? 0 })
    harness.makeIdle(2)
    harness.advanceTo(74)
    expect(harness.takeLog()).toEqual([])
    harness.advanceTo(75)
    expect(harness.takeLog()).toEqual(['close 2: max_age'])
    expect(harness.pool.nextDeadlineMs).toBe(100)
  })

  it('counts its age from when it opened, not from when its dial began', () => {
    const harness = new PoolHarness({ policy })
    harness.await('r1')
    harness.nowMs = 90
    harness.open(1)
    harness.release(1)
    expect(harness.pool.nextDeadlineMs).toBe(190)
  })

  it('serves whoever waited for it, however short its life', () => {
    const harness = new PoolHarness({
      policy: { maxConnectionAgeMs: 1, connectionAgeJitter: 1 },
      random: () => 1 - Number.EPSILON,
    })
    harness.nowMs = 1e12
    harness.await('r1')
    harness.open(1)
    expect(harness.takeLog()).toEqual(['dial 1 for r1', 'grant 1 to r1 as its last'])
  })
})
