import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LatencyHistogram } from './latency-histogram.ts'

function histogramOf(values: readonly number[]): LatencyHistogram {
  const histogram = new LatencyHistogram()
  for (const value of values) histogram.record(value)
  return histogram
}

describe('a latency histogram', () => {
  it('is exact for small values', () => {
    const histogram = histogramOf([1, 2, 3, 4, 255])
    expect(histogram.percentile(0)).toBe(1)
    expect(histogram.percentile(40)).toBe(2)
    expect(histogram.percentile(50)).toBe(3)
    expect(histogram.percentile(100)).toBe(255)
    expect(histogram.total).toBe(5)
  })

  it('knows nothing without values', () => {
    expect(new LatencyHistogram().percentile(50)).toBe(0)
    expect(new LatencyHistogram().buckets()).toEqual([])
  })

  it.each([255, 256, 257, 511, 512, 1023, 1024, 65_535, 2 ** 31, 2 ** 32 - 1])(
    'finds %i again within 0.8 %%',
    (value) => {
      const histogram = histogramOf([value])
      expect(Math.abs(histogram.percentile(50) - value) / value).toBeLessThan(0.008)
      const [[fromUs]] = histogram.buckets() as [[number, number]]
      expect(fromUs).toBeLessThanOrEqual(value)
      expect(fromUs).toBeGreaterThan(value * 0.992)
    },
  )

  it('takes what is out of range for the nearest value in it', () => {
    expect(histogramOf([-5]).percentile(50)).toBe(0)
    expect(histogramOf([2 ** 40]).buckets()).toEqual(histogramOf([2 ** 32 - 1]).buckets())
  })

  it('gives the percentiles of the sorted values within a bucket', () => {
    const latencies = fc.array(fc.integer({ min: 0, max: 10_000_000 }), { minLength: 1 })
    fc.assert(
      fc.property(latencies, fc.integer({ min: 0, max: 100 }), (values, percent) => {
        const sorted = values.toSorted((a, b) => a - b)
        const rank = Math.max(1, Math.ceil((percent / 100) * sorted.length))
        const exact = sorted[rank - 1] ?? Number.NaN
        const found = histogramOf(values).percentile(percent)
        expect(Math.abs(found - exact)).toBeLessThanOrEqual(Math.max(0.5, exact * 0.008))
      }),
    )
  })

  it('adds up to what one histogram of all would be', () => {
    const [left, right] = [
      [1, 300, 70_000],
      [2, 300, 9_000_000],
    ]
    const sum = histogramOf(left ?? [])
    sum.add(histogramOf(right ?? []).buckets())
    expect(sum.buckets()).toEqual(histogramOf([...(left ?? []), ...(right ?? [])]).buckets())
    expect(sum.total).toBe(6)
  })
})
