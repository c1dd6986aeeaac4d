import { describe, expect, it } from 'vitest'
import { PoolHarness } from '../pool-harness.ts'

describe('what a server announces', () => {
  it('ends an idle connection before the server does', () => {
    const harness = new PoolHarness()
    harness.makeLeased('r1')
    harness.takeLog()
    harness.connection(1).heed({ timeoutMs: 5000, maxRequests: undefined })
    harness.release(1)
    expect(harness.pool.nextDeadlineMs).toBe(harness.nowMs + 4000)
    harness.nowMs += 3999
    harness.pool.advance(harness.nowMs)
    expect(harness.takeLog()).toEqual([])
    harness.nowMs += 1
    harness.pool.advance(harness.nowMs)
    expect(harness.takeLog()).toEqual(['close 1: server_hint'])
  })

  it('closes a connection that is given back where no time is left for reuse', () => {
    const harness = new PoolHarness()
    harness.makeLeased('r1')
    harness.takeLog()
    harness.connection(1).heed({ timeoutMs: 1000, maxRequests: undefined })
    harness.release(1)
    expect(harness.takeLog()).toEqual(['close 1: server_hint'])
  })

  it('counts the requests that are left down, and the last one is known as the last', () => {
    const harness = new PoolHarness()
    harness.makeLeased('r1')
    harness.connection(1).heed({ timeoutMs: undefined, maxRequests: 2 })
    harness.release(1)
    harness.lease('r2')
    expect(harness.connection(1).stateName).toBe('leased')
    harness.release(1)
    harness.lease('r3')
    expect(harness.connection(1).stateName).toBe('draining')
    harness.takeLog()
    harness.release(1)
    expect(harness.takeLog()).toEqual(['close 1: server_hint'])
  })

  it('allows no further request where none is left', () => {
    const harness = new PoolHarness()
    harness.makeLeased('r1')
    harness.takeLog()
    harness.connection(1).heed({ timeoutMs: undefined, maxRequests: 0 })
    harness.release(1)
    expect(harness.takeLog()).toEqual(['close 1: server_hint'])
  })

  it('may change from one response to the next; what is left out keeps its value', () => {
    const harness = new PoolHarness()
    harness.makeLeased('r1')
    harness.connection(1).heed({ timeoutMs: 5000, maxRequests: 1 })
    harness.connection(1).heed({ timeoutMs: 9000, maxRequests: undefined })
    harness.release(1)
    expect(harness.pool.nextDeadlineMs).toBe(harness.nowMs + 8000)
    harness.lease('r2')
    expect(harness.connection(1).stateName).toBe('draining')
  })
})
