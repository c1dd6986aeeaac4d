import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { linearScale, logScale, logTicks, roundTicks } from './scale.ts'

it('places values by difference or by ratio', () => {
  expect([0, 5, 10].map(linearScale([0, 10], [100, 200]))).toEqual([100, 150, 200])
  expect([1, 10, 100].map(logScale([1, 100], [0, 50])).map(Math.round)).toEqual([0, 25, 50])
  expect(linearScale([3, 3], [0, 10])(3)).toBe(0)
})

describe('roundTicks', () => {
  it('goes on to the highest value, in round steps', () => {
    expect(roundTicks(22_760, 4)).toEqual([0, 10_000, 20_000, 30_000])
    expect(roundTicks(50, 5)).toEqual([0, 10, 20, 30, 40, 50])
    expect(roundTicks(0, 5)).toEqual([0, 1])
  })

  it('covers any value with few ticks', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1e9, noNaN: true }), (highest) => {
        const ticks = roundTicks(highest, 4)
        expect(ticks.at(-1)).toBeGreaterThanOrEqual(highest * (1 - 1e-6))
        expect(ticks.length).toBeLessThanOrEqual(6)
        expect(ticks.length).toBeGreaterThan(1)
      }),
    )
  })
})

it('has ticks at round ratios', () => {
  expect(logTicks([0.3, 4])).toEqual([0.5, 1, 2])
  expect(logTicks([1, 100_000])).toEqual([1, 10, 100, 1000, 10_000, 100_000])
})
