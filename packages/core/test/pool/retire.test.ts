import { describe, expect, it } from 'vitest'
import { PoolHarness } from '../pool-harness.ts'

describe('a connection that is retired', () => {
  it('closes at once where it is idle', () => {
    const harness = new PoolHarness({ policy: { idleTimeoutMs: 50 } })
    harness.makeIdle(1)
    harness.retire(1, 'server_hint')
    expect(harness.takeLog()).toEqual(['close 1: server_hint'])
    expect(harness.pool.nextDeadlineMs).toBe(Number.POSITIVE_INFINITY)
    harness.await('r2')
    expect(harness.takeLog()).toEqual(['dial 2 for r2'])
  })

  it('finishes its request first where it is leased', () => {
    const harness = new PoolHarness()
    harness.makeLeased('r1')
    harness.begin()
    harness.retire(1, 'response_close')
    expect(harness.takeLog()).toEqual([])
    expect(harness.stats).toMatchObject({ leased: 1, draining: 1 })
    harness.release(1)
    expect(harness.takeLog()).toEqual(['close 1: response_close'])
  })

  it('serves no waiter any more', () => {
    const harness = new PoolHarness({ caps: { maxPerOrigin: 1 } })
    harness.makeLeased('r1')
    harness.await('r2')
    harness.retire(1, 'response_close')
    harness.begin()
    harness.release(1)
    harness.closed(1)
    expect(harness.takeLog()).toEqual(['close 1: response_close', 'dial 2 for r2'])
  })

  it('keeps the reason of the first time', () => {
    const harness = new PoolHarness()
    harness.makeLeased('r1')
    harness.retire(1, 'server_hint')
    harness.retire(1, 'max_age')
    harness.begin()
    harness.release(1)
    harness.closed(1, 'peer_fin')
    expect(harness.takeLog()).toEqual(['close 1: server_hint'])
    expect(harness.stats.closes).toEqual({ server_hint: 1 })
  })

  it('is dialled on where it is connecting', () => {
    const harness = new PoolHarness()
    harness.await('r1')
    harness.retire(1, 'max_age')
    harness.open(1)
    expect(harness.takeLog()).toEqual(['dial 1 for r1', 'grant 1 to r1'])
  })

  it('is left alone where it is closing or closed', () => {
    const harness = new PoolHarness()
    harness.makeIdle(1)
    harness.retire(1, 'max_age')
    harness.begin()
    harness.retire(1, 'server_hint')
    expect(harness.stateOf(1)).toBe('closing')
    harness.closed(1)
    harness.retire(1, 'server_hint')
    expect(harness.stateOf(1)).toBe('closed')
    expect(harness.takeLog()).toEqual([])
    expect(harness.stats.closes).toEqual({ max_age: 1 })
  })
})

describe('a connection that the peer closes', () => {
  it.each(['peer_fin', 'peer_reset', 'stray_data'] as const)(
    'while it is idle is gone at once: %s',
    (reason) => {
      const harness = new PoolHarness({ policy: { idleTimeoutMs: 50 } })
      harness.makeIdle(2)
      harness.closed(2, reason)
      expect(harness.takeLog()).toEqual([])
      expect(harness.stats.closes).toEqual({ [reason]: 1 })
      harness.lease('r')
      expect(harness.takeLog()).toEqual(['grant 1 to r'])
    },
  )

  it.each(['leased', 'draining'] as const)('while it is %s makes way for a waiter', (state) => {
    const harness = new PoolHarness({ caps: { maxPerOrigin: 1 } })
    harness.makeLeased('r1')
    if (state === 'draining') harness.retire(1, 'max_age')
    harness.await('r2')
    harness.begin()
    expect(harness.stateOf(1)).toBe(state)
    harness.closed(1, 'peer_reset')
    expect(harness.takeLog()).toEqual(['dial 2 for r2'])
    expect(harness.stats.closes).toEqual({
      [state === 'leased' ? 'peer_reset' : 'max_age']: 1,
    })
  })

  it('before its idle time is over has no deadline any more', () => {
    const harness = new PoolHarness({ policy: { idleTimeoutMs: 50 } })
    harness.makeIdle(1)
    harness.closed(1, 'peer_fin')
    expect(harness.pool.nextDeadlineMs).toBe(Number.POSITIVE_INFINITY)
    harness.advanceTo(100)
    expect(harness.takeLog()).toEqual([])
  })
})

describe('a connection that is detached', () => {
  it.each(['leased', 'draining'] as const)(
    'while it is %s is none of the pool any more',
    (state) => {
      const harness = new PoolHarness()
      harness.makeLeased('r1')
      if (state === 'draining') harness.retire(1, 'max_age')
      harness.begin()
      harness.nowMs = 9
      harness.detach(1)
      expect(harness.takeLog()).toEqual([])
      expect(harness.takeEvents()).toEqual([
        {
          type: 'connection:detached',
          connectionId: 1,
          origin: 'a',
          atMs: 9,
          ageMs: 9,
          requestCount: 1,
        },
      ])
      expect(harness.pool.isEmpty).toBe(true)
      expect(harness.stats).toMatchObject({ leased: 0, draining: 0, closes: {} })
    },
  )
})
