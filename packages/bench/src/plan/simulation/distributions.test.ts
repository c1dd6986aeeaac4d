import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../statistics/seeded-random.ts'
import { type Arrivals, draw, nextArrival, type Spread } from './distributions.ts'

const SPREADS: readonly Spread[] = [
  { kind: 'constant' },
  { kind: 'exponential' },
  { kind: 'lognormal', sigma: 0.8 },
]

function sampleOf(spread: Spread, mean: number): number[] {
  const random = seededRandom(7)
  return Array.from({ length: 40_000 }, () => draw(spread, mean, random))
}

describe('draw', () => {
  it.each(SPREADS)('keeps the mean: $kind', (spread) => {
    const sample = sampleOf(spread, 20)
    const mean = sample.reduce((sum, value) => sum + value, 0) / sample.length
    expect(mean / 20).toBeCloseTo(1, 1)
    expect(sample.every((value) => value >= 0)).toBe(true)
  })

  it('spreads as its name says', () => {
    const above = (spread: Spread): number =>
      sampleOf(spread, 1).filter((value) => value > 2).length / 40_000
    expect(above({ kind: 'constant' })).toBe(0)
    expect(above({ kind: 'exponential' })).toBeCloseTo(Math.exp(-2), 2)
    // ln 2 lies (0.693 + 0.5) standard deviations above the middle.
    expect(above({ kind: 'lognormal', sigma: 1 })).toBeCloseTo(0.1164, 2)
  })
})

describe('nextArrival', () => {
  const arrivals: fc.Arbitrary<Arrivals> = fc.oneof(
    fc.constantFrom<Arrivals>(...SPREADS),
    fc.record({ kind: fc.constant('bursts' as const), size: fc.integer({ min: 1, max: 100 }) }),
  )

  it('goes on, at the rate that was asked for', () => {
    fc.assert(
      fc.property(arrivals, fc.nat(), (each, seed) => {
        const random = seededRandom(seed)
        let nowMs = 0
        let count = 0
        for (let round = 0; round < 5000; round++) {
          const next = nextArrival(each, 0.5, nowMs, random)
          expect(next.atMs).toBeGreaterThan(nowMs)
          nowMs = next.atMs
          count += next.count
        }
        expect(count / nowMs / 0.5).toBeGreaterThan(0.9)
        expect(count / nowMs / 0.5).toBeLessThan(1.1)
      }),
      { numRuns: 20 },
    )
  })

  it('has the bursts of all replicas at the same instants', () => {
    const bursts: Arrivals = { kind: 'bursts', size: 10 }
    expect(nextArrival(bursts, 0.01, 0, seededRandom(1))).toEqual({ atMs: 1000, count: 10 })
    expect(nextArrival(bursts, 0.01, 1000, seededRandom(2))).toEqual({ atMs: 2000, count: 10 })
  })
})
