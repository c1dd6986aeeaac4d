import { expect, it } from 'vitest'
import { PoolHarness } from '../../test/pool-harness.ts'
import { InvalidOptionError } from '../errors.ts'

it.each(['maxIdlePerOrigin', 'maxPerOrigin', 'maxTotal'] as const)(
  'no more idle connections may be kept than %s, and both are named',
  (cap) => {
    const make = (minIdlePerOrigin: number): PoolHarness =>
      new PoolHarness({ policy: { minIdlePerOrigin }, caps: { [cap]: 2 } })
    expect(make(2).pool.isEmpty).toBe(true)
    expect(() => make(3)).toThrowError(
      new InvalidOptionError('policy.minIdlePerOrigin', 3, `at most ${cap}, which is 2`),
    )
  },
)

it('caps that are lowered later hold, and fewer are kept', () => {
  const harness = new PoolHarness({ policy: { minIdlePerOrigin: 2 } })
  harness.caps.maxIdlePerOrigin = 1
  harness.makeLeased('r1')
  expect(harness.takeLog()).toEqual(['dial 1 for r1', 'grant 1 to r1', 'dial 2 ahead'])
})
