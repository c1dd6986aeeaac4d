import fc from 'fast-check'
import { expect, it } from 'vitest'
import { probesWithin } from './probes-within.ts'

it.each([
  [Number.POSITIVE_INFINITY, 30_000, 5000],
  [300_000, 30_000, 5000],
  [61_000, 30_000, 5000],
  [60_999, 29_000, 5000],
  [21_000, 10_000, 3000],
  [3000, 1000, 1000],
  [1, 1000, 1000],
])('a limit of %s ms, margin 1 s: after %i ms, every %i ms', (limitMs, delayMs, intervalMs) => {
  expect(probesWithin(limitMs, 1000)).toEqual({ delayMs, intervalMs, probes: 3 })
})

it('all probes are out before the limit less the margin, where whole seconds allow it', () => {
  const limits = fc.double({ min: 9000, max: 1e9, noNaN: true })
  fc.assert(
    fc.property(limits, fc.integer({ min: 1, max: 1000 }), (limitMs, marginMs) => {
      const { delayMs, intervalMs, probes } = probesWithin(limitMs, marginMs)
      expect(delayMs + probes * intervalMs).toBeLessThanOrEqual(limitMs - marginMs)
    }),
  )
})

it('a shorter limit never means rarer probes', () => {
  const limit = fc.double({ min: 0, max: 1e6, noNaN: true })
  fc.assert(
    fc.property(limit, limit, (one, other) => {
      const shorter = probesWithin(Math.min(one, other), 1000)
      const longer = probesWithin(Math.max(one, other), 1000)
      expect(shorter.delayMs).toBeLessThanOrEqual(longer.delayMs)
      expect(shorter.intervalMs).toBeLessThanOrEqual(longer.intervalMs)
    }),
  )
})
