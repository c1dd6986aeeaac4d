import { expect, it } from 'vitest'
import { formatCount, formatErrors, formatRatio, formatUs } from './format.ts'

it.each([
  [null, '-'],
  [9.994, '9.99 µs'],
  [10, '10.0 µs'],
  [999.9, '999.9 µs'],
  [1000, '1.00 ms'],
  [12_345, '12.35 ms'],
])('shows %d microseconds as %s', (us, text) => {
  expect(formatUs(us)).toBe(text)
})

it('shows counts with separators, and what is not known as a dash, not as 0', () => {
  expect(formatCount(1_234_567)).toBe('1,234,567')
  expect(formatCount(0)).toBe('0')
  expect(formatCount(null)).toBe('-')
})

it('shows a ratio with its interval', () => {
  expect(formatRatio({ ratio: 0.41, low: 0.389, high: 0.43, coverage: 1, blocks: 9 })).toBe(
    '0.41x [0.39-0.43]',
  )
})

it('shows errors by code', () => {
  expect(formatErrors({})).toBe('0')
  expect(formatErrors({ ECONNRESET: 3, EPIPE: 1 })).toBe('3 ECONNRESET, 1 EPIPE')
})
