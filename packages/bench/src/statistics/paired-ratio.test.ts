import { describe, expect, it } from 'vitest'
import { noiseFloorOf, type Pair, pairedRatio, type Verdict, verdictOf } from './paired-ratio.ts'
import { type Random, seededRandom } from './seeded-random.ts'

const SEEDS = Array.from({ length: 20 }, (_, seed) => seed)

/** A value whose logarithm is normal around 0, as measured times nearly are. */
function noisy(random: Random, deviation: number): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random()))
  return Math.exp(deviation * radius * Math.cos(2 * Math.PI * random()))
}

/**
 * Verdict of a run of nine blocks on a candidate whose CPU per request is `shift` times the
 * baseline's.
 */
function simulatedVerdict(seed: number, shift: number): Verdict {
  const random = seededRandom(seed)
  const against: Pair[] = []
  const itself: Pair[] = []
  for (let block = 0; block < 9; block++) {
    const sharedByBlock = noisy(random, 0.2)
    const baseline = sharedByBlock * noisy(random, 0.02)
    itself.push([sharedByBlock * noisy(random, 0.02), baseline])
    against.push([sharedByBlock * shift * noisy(random, 0.02), baseline])
  }
  const ratio = pairedRatio(against)
  if (ratio === undefined) throw new Error('nine pairs have a ratio')
  return verdictOf(ratio, noiseFloorOf(pairedRatio(itself)), true)
}

describe('pairedRatio', () => {
  it('is the median of the ratios of the blocks, not the ratio of medians', () => {
    const ratio = pairedRatio([
      [2, 1],
      [40, 10],
      [3, 100],
    ])
    expect(ratio?.ratio).toBeCloseTo(2, 12)
    expect(ratio?.low).toBeCloseTo(0.03, 12)
    expect(ratio?.high).toBeCloseTo(4, 12)
    expect(ratio?.blocks).toBe(3)
  })

  it('turns over when candidate and reference change places', () => {
    const pairs: Pair[] = [
      [1, 2],
      [1, 4],
      [3, 5],
      [2, 7],
    ]
    const there = pairedRatio(pairs)
    const back = pairedRatio(pairs.map(([a, b]): Pair => [b, a]))
    expect(1 / (back?.ratio ?? Number.NaN)).toBeCloseTo(there?.ratio ?? Number.NaN, 12)
    expect(1 / (back?.low ?? Number.NaN)).toBeCloseTo(there?.high ?? Number.NaN, 12)
  })

  it('knows nothing without pairs', () => {
    expect(pairedRatio([])).toBeUndefined()
  })
})

describe('noiseFloorOf', () => {
  const itself = { ratio: 1, low: 0.8, high: 1.1, coverage: 0.96, blocks: 9 }

  it('takes the end of the interval that is farther from 1', () => {
    expect(noiseFloorOf(itself)).toBeCloseTo(1.25, 12)
    expect(noiseFloorOf({ ...itself, low: 0.95 })).toBeCloseTo(1.1, 12)
  })

  it('is not known from an interval that covers too little', () => {
    expect(noiseFloorOf({ ...itself, coverage: 0.9375 })).toBeUndefined()
    expect(noiseFloorOf(undefined)).toBeUndefined()
  })
})

describe('verdictOf', () => {
  const ratio = { ratio: 0.7, low: 0.65, high: 0.79, coverage: 0.96, blocks: 9 }

  it('claims what lies wholly beyond the noise floor, in either direction', () => {
    expect(verdictOf(ratio, 1.25, true)).toBe('faster')
    expect(verdictOf(ratio, 1.25, false)).toBe('slower')
    const above = { ...ratio, ratio: 1.4, low: 1.26, high: 1.6 }
    expect(verdictOf(above, 1.25, true)).toBe('slower')
    expect(verdictOf(above, 1.25, false)).toBe('faster')
  })

  it('claims nothing that touches the noise floor', () => {
    expect(verdictOf({ ...ratio, high: 0.8 }, 1.25, true)).toBe('unsure')
    expect(verdictOf({ ...ratio, ratio: 1.4, low: 1.25, high: 1.6 }, 1.25, true)).toBe('unsure')
  })

  it('claims nothing where the floor is not known or the interval covers too little', () => {
    expect(verdictOf(ratio, undefined, true)).toBe('unsure')
    expect(verdictOf({ ...ratio, coverage: 0.9375 }, 1.25, true)).toBe('unsure')
  })

  it('is unsure about a variant that equals the baseline', () => {
    const verdicts = SEEDS.map((seed) => simulatedVerdict(seed, 1))
    expect(verdicts.filter((verdict) => verdict === 'unsure').length).toBeGreaterThanOrEqual(19)
  })

  it('finds a shift of ten percent', () => {
    const cheaper = SEEDS.map((seed) => simulatedVerdict(seed, 0.9))
    expect(cheaper.filter((verdict) => verdict === 'faster').length).toBeGreaterThanOrEqual(19)
    const dearer = SEEDS.map((seed) => simulatedVerdict(seed, 1.1))
    expect(dearer.filter((verdict) => verdict === 'slower').length).toBeGreaterThanOrEqual(19)
  })
})
