import { describe, expect, it } from 'vitest'
import { resolvePolicy } from '../../src/policies/resolve-policy.ts'
import { Pool } from '../../src/pool.ts'
import { unsentFailure } from '../../src/request/request-failure.ts'
import { PoolHarness, WRITTEN } from '../pool-harness.ts'
import { RecordingEffects } from '../recording-effects.ts'
import { TestRequest } from '../test-request.ts'

const EMPTY = {
  connecting: 0,
  idle: 0,
  leased: 0,
  draining: 0,
  closing: 0,
  lingering: 0,
  waiting: 0,
  queued: 0,
  dials: 0,
  dialFailures: 0,
  leases: 0,
  reuses: 0,
  waits: 0,
  rejections: 0,
  rejectionsByCode: {},
  replays: 0,
  moves: 0,
  failures: 0,
  closes: {},
}

describe('the stats', () => {
  it('are all zero at first', () => {
    expect(new PoolHarness().stats).toEqual({ ...EMPTY, origins: {} })
  })

  it('tell each origin, and all of them together', () => {
    const harness = new PoolHarness({ caps: { maxPerOrigin: 2 } })
    harness.makeIdle(2, 'a')
    harness.lease('r1', 'a')
    harness.makeLeased('r2', 'b')
    harness.retire(3, 'max_age')
    for (const request of ['r3', 'r4', 'r5']) harness.await(request, 'b')
    const a = { ...EMPTY, idle: 1, leased: 1, dials: 2, leases: 3, reuses: 1, waits: 2 }
    const b = {
      ...EMPTY,
      connecting: 1,
      leased: 1,
      draining: 1,
      waiting: 3,
      queued: 2,
      dials: 2,
      leases: 1,
      waits: 4,
    }
    const total = {
      ...EMPTY,
      connecting: 1,
      idle: 1,
      leased: 2,
      draining: 1,
      waiting: 3,
      queued: 2,
      dials: 4,
      leases: 4,
      reuses: 1,
      waits: 6,
    }
    expect(harness.stats).toEqual({ ...total, origins: { a, b } })
  })

  it('count closes by reason, and remember them when the origin is forgotten', () => {
    const harness = new PoolHarness()
    harness.makeIdle(3)
    harness.closed(1, 'peer_fin')
    harness.closed(2, 'peer_fin')
    harness.retire(3, 'server_hint')
    expect(harness.stats.origins['a']?.closes).toEqual({ peer_fin: 2 })
    harness.closed(3)
    expect(harness.stats).toMatchObject({
      closes: { peer_fin: 2, server_hint: 1 },
      origins: {},
    })
  })

  it('are a snapshot, which later events leave as it is', () => {
    const harness = new PoolHarness()
    const before = harness.stats
    harness.makeLeased('r1')
    expect(before).toEqual({ ...EMPTY, origins: {} })
  })
})

describe('origins', () => {
  it('are known while they have a connection or a waiter', () => {
    const harness = new PoolHarness()
    expect(harness.pool.isEmpty).toBe(true)
    harness.makeLeased('r1')
    expect([...harness.pool.origins.keys()]).toEqual(['a'])
    harness.closed(1)
    expect(harness.pool.isEmpty).toBe(true)
  })

  it('are forgotten when their last waiter leaves, with no connection there', () => {
    const harness = new PoolHarness({ caps: { maxTotal: 1 } })
    harness.makeLeased('r1', 'a')
    harness.cancel(harness.await('r2', 'b'))
    expect([...harness.pool.origins.keys()]).toEqual(['a'])
  })

  it('leave nothing behind, however many come and go', () => {
    const harness = new PoolHarness({ caps: { maxTotal: 5 } })
    for (let index = 0; index < 10_000; index++) {
      const id = harness.makeLeased(`r${index}`, `origin-${index}`)
      harness.cancel(harness.await(`w${index}`, `waiting-${index}`))
      if (index % 3 === 0) harness.detach(id)
      else harness.closed(id)
      harness.fail(id + 1)
    }
    expect(harness.pool.isEmpty).toBe(true)
    expect(harness.pool.openCount).toBe(0)
    expect(harness.stats.origins).toEqual({})
  })
})

describe('the events', () => {
  it('tell the whole life of a connection, each with its instant', () => {
    const harness = new PoolHarness()
    const identity = { connectionId: 1, origin: 'a' }
    harness.nowMs = 10
    harness.await('r1')
    harness.nowMs = 15
    harness.open(1)
    harness.nowMs = 20
    harness.retire(1, 'response_close')
    harness.nowMs = 30
    harness.release(1)
    harness.nowMs = 40
    harness.closed(1, 'peer_fin')
    expect(harness.takeEvents()).toEqual([
      { ...identity, type: 'connection:dialing', atMs: 10 },
      { ...identity, type: 'connection:opened', atMs: 15, dialMs: 5 },
      { ...identity, type: 'request:leased', atMs: 15, waitMs: 5, isReused: false },
      { ...identity, type: 'connection:draining', atMs: 20, reason: 'response_close' },
      {
        ...identity,
        type: 'connection:closed',
        atMs: 40,
        reason: 'response_close',
        ageMs: 25,
        requestCount: 1,
        wasOpen: true,
      },
    ])
  })

  it('tell a dial that failed, and the request that failed with it', () => {
    const harness = new PoolHarness()
    harness.await('r1')
    harness.begin()
    harness.nowMs = 30
    harness.fail(1)
    expect(harness.takeEvents()).toEqual([
      {
        type: 'connection:closed',
        connectionId: 1,
        origin: 'a',
        atMs: 30,
        reason: 'error',
        ageMs: 30,
        requestCount: 0,
        wasOpen: false,
      },
      { type: 'request:rejected', origin: 'a', atMs: 30, code: 'dial_failed' },
    ])
  })
})

describe('the events of requests', () => {
  it('tell a request that the caps let wait, and why one was refused', () => {
    const harness = new PoolHarness({ policy: { maxQueuedRequests: 2 }, caps: { maxPerOrigin: 1 } })
    harness.makeLeased('r1')
    harness.begin()
    for (const request of ['r2', 'r3', 'r4']) harness.lease(request)
    expect(harness.takeEvents()).toEqual([
      { type: 'request:queued', origin: 'a', atMs: 0, queuedCount: 1 },
      { type: 'request:queued', origin: 'a', atMs: 0, queuedCount: 2 },
      { type: 'request:rejected', origin: 'a', atMs: 0, code: 'ERR_HOLDFAST_QUEUE_FULL' },
    ])
  })

  it('tell how long a request waited and what it got, and nothing of one that did not wait', () => {
    const harness = new PoolHarness({ caps: { maxPerOrigin: 1 } })
    const told = { type: 'request:leased', origin: 'a', connectionId: 1 }
    harness.nowMs = 10
    harness.await('r1')
    harness.nowMs = 12
    harness.await('r2')
    harness.nowMs = 15
    harness.begin()
    harness.open(1)
    harness.nowMs = 40
    harness.release(1)
    harness.release(1)
    harness.lease('r3')
    expect(harness.takeEvents().filter(({ type }) => type === 'request:leased')).toEqual([
      { ...told, atMs: 15, waitMs: 5, isReused: false },
      { ...told, atMs: 40, waitMs: 28, isReused: true },
    ])
  })

  it('need no listener', () => {
    const effects = new RecordingEffects()
    const pool = new Pool<undefined, TestRequest>({
      policy: resolvePolicy(),
      caps: { maxPerOrigin: 1, maxTotal: 1, maxIdlePerOrigin: 1 },
      scheduling: 'lifo',
      effects,
      random: () => 0,
    })
    pool.lease(new TestRequest('r1'), 0)
    for (const connection of effects.connections.values())
      pool.dialFailed(connection, new Error('refused'), 0)
    expect(pool.isEmpty).toBe(true)
  })
})

describe('the counters', () => {
  it('count what went wrong for an origin that lives on', () => {
    const harness = new PoolHarness({ caps: { maxPerOrigin: 1 }, policy: { maxQueuedRequests: 0 } })
    harness.await('r1')
    harness.lease('r2')
    harness.await('r3', 'b')
    harness.fail(1)
    harness.await('r4')
    expect(harness.stats.origins['a']).toMatchObject({ connecting: 1 })
    harness.lease('r5')
    expect(harness.stats.origins['a']).toMatchObject({ dialFailures: 0, rejections: 1 })
    expect(harness.stats).toMatchObject({ dialFailures: 1, rejections: 3 })
    expect(harness.stats.origins['a']?.rejectionsByCode).toEqual({ ERR_HOLDFAST_QUEUE_FULL: 1 })
    expect(harness.stats.rejectionsByCode).toEqual({ ERR_HOLDFAST_QUEUE_FULL: 2, dial_failed: 1 })
  })

  it('count what was sent again, also once its origin is gone', () => {
    const harness = new PoolHarness()
    harness.makeIdle(1)
    harness.lease('r1')
    harness.send('r1')
    harness.lose(1, WRITTEN)
    harness.makeLeased('r2', 'b')
    expect(harness.stats.origins['a']).toMatchObject({ replays: 1, moves: 0 })
    expect(harness.stats.origins['b']).toMatchObject({ replays: 0 })
    harness.fail(2)
    expect(harness.stats.origins['a']).toBeUndefined()
    expect(harness.stats).toMatchObject({ replays: 1, moves: 0 })
  })

  it('count what went to another connection unsent, also once its origin is gone', () => {
    const harness = new PoolHarness()
    harness.makeLost('r1')
    expect(harness.stats.origins['a']).toMatchObject({ moves: 1, replays: 0 })
    harness.fail(2)
    expect(harness.stats.origins['a']).toBeUndefined()
    expect(harness.stats).toMatchObject({ moves: 1, replays: 0 })
  })

  it('count what failed, also once its origin is gone', () => {
    const harness = new PoolHarness()
    harness.makeLeased('r1')
    harness.makeLeased('r2')
    const failure = unsentFailure(false)
    harness.tellFailure('r1', failure)
    expect(harness.request('r1').failure).toBe(failure)
    expect(harness.stats.origins['a']).toMatchObject({ failures: 1, rejections: 0 })
    harness.closed(1)
    harness.closed(2)
    harness.tellFailure('r2')
    expect(harness.stats.origins['a']).toBeUndefined()
    expect(harness.stats).toMatchObject({ failures: 2, rejections: 0 })
  })

  it('count dials that failed while others go on', () => {
    const harness = new PoolHarness()
    harness.await('r1')
    harness.await('r2')
    harness.fail(1)
    expect(harness.stats.origins['a']).toMatchObject({ dialFailures: 1, rejections: 1 })
  })
})
