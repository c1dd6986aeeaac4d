import { describe, expect, it } from 'vitest'
import { medianInterval, medianOf } from './median-interval.ts'

function oneTo(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1)
}

describe('medianOf', () => {
  it('takes the middle, or the mean of the two in the middle, in any order', () => {
    expect(medianOf([3])).toBe(3)
    expect(medianOf([9, 1, 10])).toBe(9)
    expect(medianOf([10, 1, 2, 9])).toBe(5.5)
  })

  it('knows nothing of an empty sample', () => {
    expect(medianOf([])).toBeUndefined()
  })
})

describe('medianInterval', () => {
  // Coverage is 1 - 2 * P(fewer than `rank` heads in `count` tosses of a coin).
  it.each([
    { count: 1, low: 1, high: 1, coverage: 0 },
    { count: 2, low: 1, high: 2, coverage: 0.5 },
    { count: 5, low: 1, high: 5, coverage: 0.9375 },
    { count: 6, low: 1, high: 6, coverage: 0.968_75 },
    { count: 8, low: 1, high: 8, coverage: 0.992_187_5 },
    { count: 9, low: 2, high: 8, coverage: 0.960_937_5 },
    { count: 10, low: 2, high: 9, coverage: 0.978_515_625 },
    { count: 12, low: 3, high: 10, coverage: 0.961_425_781_25 },
  ])('takes $low to $high of $count', ({ count, low, high, coverage }) => {
    const interval = medianInterval(oneTo(count))
    expect(interval).toMatchObject({ low, high })
    expect(interval?.coverage).toBeCloseTo(coverage, 12)
  })

  it('stays exact for a thousand values', () => {
    const interval = medianInterval(oneTo(1000))
    expect(interval).toMatchObject({ median: 500.5, low: 469, high: 532 })
    expect(interval?.coverage).toBeCloseTo(0.9537, 4)
  })

  it('does not depend on the order, nor change it', () => {
    const values = [5, 3, 9, 1, 7, 2]
    expect(medianInterval(values)).toMatchObject({ median: 4, low: 1, high: 9 })
    expect(values).toEqual([5, 3, 9, 1, 7, 2])
  })

  it('knows nothing of an empty sample', () => {
    expect(medianInterval([])).toBeUndefined()
  })
})
