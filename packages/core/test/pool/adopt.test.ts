import { describe, expect, it } from 'vitest'
import { PoolHarness } from '../pool-harness.ts'
import type { TestConnection } from '../recording-effects.ts'
import { targetOf } from '../target-of.ts'

const adopt = (harness: PoolHarness, origin = 'a'): TestConnection | undefined =>
  harness.pool.adopt(targetOf(origin), harness.nowMs)

describe('a connection that was opened elsewhere', () => {
  it('is idle once it is reported open, and stays though nobody uses it', () => {
    const harness = new PoolHarness()
    const connection = adopt(harness) as TestConnection
    harness.pool.opened(connection, 0)
    expect(connection.stateName).toBe('idle')
    expect(harness.pool.nextDeadlineMs).toBe(Number.POSITIVE_INFINITY)
    harness.lease('r')
    expect(harness.takeLog()).toEqual(['grant 1 to r'])
  })

  it.each([{ maxPerOrigin: 1 }, { maxTotal: 1 }])(
    'is not taken in beyond the caps (%o)',
    (caps) => {
      const harness = new PoolHarness({ caps })
      harness.makeLeased('r')
      expect(adopt(harness)).toBeUndefined()
      expect(harness.pool.openCount).toBe(1)
    },
  )

  it('leaves no origin behind where it is not taken in', () => {
    const harness = new PoolHarness({ caps: { maxTotal: 1 } })
    harness.makeLeased('r', 'a')
    expect(adopt(harness, 'b')).toBeUndefined()
    expect([...harness.pool.origins.keys()]).toEqual(['a'])
  })
})
