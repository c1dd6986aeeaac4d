import { describe, expect, it } from 'vitest'
import { PoolHarness } from '../../test/pool-harness.ts'

describe('warming an origin', () => {
  it('dials what is missing, for nobody', () => {
    const harness = new PoolHarness()
    harness.makeIdle(1)
    expect(harness.warm(3)).toBe(2)
    expect(harness.takeLog()).toEqual(['dial 2 ahead', 'dial 3 ahead'])
    harness.open(2, 3)
    expect(harness.stats.idle).toBe(3)
    expect(harness.takeLog()).toEqual([])
  })

  it('counts what is on its way', () => {
    const harness = new PoolHarness()
    expect([harness.warm(2), harness.warm(2), harness.warm(3)]).toEqual([2, 0, 1])
  })

  it('counts no connection that a request uses, and no dial that one waits for', () => {
    const harness = new PoolHarness()
    harness.makeLeased('r1')
    harness.await('r2')
    expect(harness.warm(1)).toBe(1)
  })

  it('lets a request that comes meanwhile have a dial', () => {
    const harness = new PoolHarness()
    harness.warm(1)
    harness.begin()
    harness.lease('r1')
    harness.open(1)
    expect(harness.takeLog()).toEqual(['grant 1 to r1'])
  })

  it.each([
    [{ maxPerOrigin: 2 }, 1],
    [{ maxTotal: 2 }, 1],
    [{ maxIdlePerOrigin: 2 }, 2],
  ])('stays within the caps %o', (caps, dialCount) => {
    const harness = new PoolHarness({ caps })
    harness.makeLeased('r1')
    expect(harness.warm(5)).toBe(dialCount)
    expect(harness.stats.connecting).toBe(dialCount)
  })

  it('makes no other connection give way', () => {
    const harness = new PoolHarness({ caps: { maxTotal: 2 } })
    harness.makeIdle(2, 'b')
    expect(harness.warm(1, 'a')).toBe(0)
    expect(harness.takeLog()).toEqual([])
    expect([...harness.pool.origins.keys()]).toEqual(['b'])
  })

  it('takes no place that a request waits for', () => {
    const harness = new PoolHarness({ caps: { maxTotal: 2 } })
    harness.makeLeased('r1', 'a')
    harness.makeLeased('r2', 'a')
    harness.await('r3', 'b')
    harness.caps.maxTotal = 3
    expect(harness.warm(1, 'c')).toBe(0)
  })
})

describe('warming that meets limits', () => {
  it('dials no more at once than may connect at once', () => {
    const harness = new PoolHarness({ policy: { maxConnectingPerOrigin: 2 } })
    expect(harness.warm(3)).toBe(3)
    expect(harness.takeLog()).toEqual(['dial 1 ahead', 'dial 2 ahead'])
    harness.open(2)
    expect(harness.takeLog()).toEqual(['dial 3 ahead'])
    harness.open(1, 3)
    expect(harness.takeLog()).toEqual([])
    expect(harness.stats.idle).toBe(3)
  })

  it('ends with the first dial that fails', () => {
    const harness = new PoolHarness({ policy: { maxConnectingPerOrigin: 1 } })
    harness.warm(3)
    harness.begin()
    harness.fail(1)
    expect(harness.takeLog()).toEqual([])
    expect(harness.pool.isEmpty).toBe(true)
  })

  it('ends with a dial that fails at once', () => {
    const harness = new PoolHarness()
    harness.effects.reactions = { dial: ({ id }) => harness.fail(id) }
    harness.warm(3)
    expect(harness.takeLog()).toEqual(['dial 1 ahead'])
    expect(harness.pool.isEmpty).toBe(true)
  })

  it('does nothing while the pool drains', () => {
    const harness = new PoolHarness()
    harness.drain()
    expect(harness.warm(1)).toBe(0)
    expect(harness.pool.isEmpty).toBe(true)
  })

  it('leaves nothing behind where nothing is asked for', () => {
    const harness = new PoolHarness()
    expect(harness.warm(0)).toBe(0)
    expect(harness.pool.isEmpty).toBe(true)
  })

  it.each([-1, 0.5, 10_001, Number.NaN, Number.POSITIVE_INFINITY, '1'])('refuses %s', (count) => {
    const harness = new PoolHarness()
    expect(() => harness.warm(count as number)).toThrowError(
      expect.objectContaining({
        code: 'ERR_HOLDFAST_INVALID_ARGUMENT',
        value: count,
        message: expect.stringContaining('count must be a whole number from 0 to 10000'),
      }),
    )
    expect(harness.pool.isEmpty).toBe(true)
  })
})
