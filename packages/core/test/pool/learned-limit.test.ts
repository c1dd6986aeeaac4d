import { describe, expect, it } from 'vitest'
import type { CloseReason } from '../../src/connection/close-reason.ts'
import { PoolHarness } from '../pool-harness.ts'

/** A pool in which the peer has closed an idle connection of origin `a` after 5 s. */
const afterClose = (reason: CloseReason = 'peer_fin', learnIdleLimit = true): PoolHarness => {
  const harness = new PoolHarness({ policy: { learnIdleLimit } })
  harness.makeIdle(1)
  harness.nowMs += 5000
  harness.closed(1, reason)
  return harness
}

describe('the idle time that a peer was seen to allow', () => {
  it.each(['peer_fin', 'peer_reset'] as const)('limits later connections after a %s', (reason) => {
    const harness = afterClose(reason)
    harness.makeIdle(1)
    expect(harness.pool.nextDeadlineMs).toBe(harness.nowMs + 4000)
    harness.advanceTo(harness.nowMs + 3999)
    expect(harness.takeLog()).toEqual([])
    harness.advanceTo(harness.nowMs + 1)
    expect(harness.takeLog()).toEqual(['close 2: learned_limit'])
  })

  it('is how long the connection was idle, not how late it is', () => {
    const harness = new PoolHarness()
    harness.nowMs = 60_000
    harness.makeIdle(1)
    harness.nowMs += 5000
    harness.closed(1, 'peer_fin')
    harness.makeIdle(1)
    expect(harness.pool.nextDeadlineMs).toBe(harness.nowMs + 4000)
  })

  it('limits connections of that origin only', () => {
    const harness = afterClose()
    harness.makeIdle(1, 'b')
    expect(harness.pool.nextDeadlineMs).toBe(Number.POSITIVE_INFINITY)
  })

  it('limits connections that are idle already, when they are about to be used', () => {
    const harness = new PoolHarness()
    harness.makeIdle(2)
    harness.nowMs += 5000
    harness.closed(1, 'peer_fin')
    harness.await('r1')
    expect(harness.takeLog()).toEqual(['close 2: learned_limit', 'dial 3 for r1'])
  })

  it('is learned from a look before reuse, too', () => {
    const harness = new PoolHarness()
    harness.makeIdle(1)
    harness.nowMs += 5000
    harness.retire(1, 'peer_fin')
    harness.closed(1, 'peer_fin')
    harness.makeIdle(1)
    expect(harness.pool.nextDeadlineMs).toBe(harness.nowMs + 4000)
  })

  it('widens each time that it ends a connection', () => {
    const harness = afterClose()
    harness.makeIdle(1)
    harness.advanceTo(harness.nowMs + 4000)
    harness.closed(2)
    harness.makeIdle(1)
    expect(harness.pool.nextDeadlineMs).toBeCloseTo(harness.nowMs + 4200)
  })

  it.each(['stray_data', 'error', 'idle_timeout'] as const)('is not learned from %s', (reason) => {
    const harness = afterClose(reason)
    harness.makeIdle(1)
    expect(harness.pool.nextDeadlineMs).toBe(Number.POSITIVE_INFINITY)
  })

  it('is not learned from a connection that was in use', () => {
    const harness = new PoolHarness()
    harness.makeLeased('r1')
    harness.nowMs += 5000
    harness.closed(1, 'peer_fin')
    harness.makeIdle(1)
    expect(harness.pool.nextDeadlineMs).toBe(Number.POSITIVE_INFINITY)
  })

  it('is passed over where the policy says so', () => {
    const harness = afterClose('peer_fin', false)
    harness.makeIdle(1)
    expect(harness.pool.nextDeadlineMs).toBe(Number.POSITIVE_INFINITY)
  })
})
