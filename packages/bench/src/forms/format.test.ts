import { expect, it } from 'vitest'
import {
  formatAmount,
  formatBytes,
  formatCount,
  formatErrors,
  formatMs,
  formatPercent,
  formatRatio,
  formatUs,
} from './format.ts'

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

it.each([
  [0, '0 ms'],
  [0.25, '0.25 ms'],
  [999, '999 ms'],
  [1000, '1 s'],
  [4500, '4.5 s'],
  [300_000, '5 min'],
  [Number.POSITIVE_INFINITY, 'never'],
])('shows %d milliseconds as %s', (ms, text) => {
  expect(formatMs(ms)).toBe(text)
})

it.each([
  [0, '0 %'],
  [1, '100 %'],
  [0.5, '50.0 %'],
  [0.9988, '99.880 %'],
  [0.0004, '0.0400 %'],
])('shows the share %d as %s', (share, text) => {
  expect(formatPercent(share)).toBe(text)
})

it.each([
  [0, '0 B'],
  [1023, '1020 B'],
  [1536, '1.5 KiB'],
  [50 * 2 ** 20, '50 MiB'],
])('shows %d bytes as %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text)
})

it.each([
  [0.0421, '0.0421'],
  [12.34, '12.3'],
  [1234, '1,234'],
  [Number.POSITIVE_INFINITY, 'no limit'],
])('shows the amount %d as %s', (amount, text) => {
  expect(formatAmount(amount)).toBe(text)
})
