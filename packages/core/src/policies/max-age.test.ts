import fc from 'fast-check'
import { expect, it } from 'vitest'
import { connectionFacts } from '../../test/connection-facts.ts'
import { maxAge } from './max-age.ts'
import type { ConnectionFacts } from './policy.ts'

const openedAt = (openedAtMs: number, jitter = 0): ConnectionFacts =>
  connectionFacts({ openedAtMs, idleSinceMs: openedAtMs, jitter })

it.each([
  [100, 1100],
  [1099, 1100],
  [1100, 'max_age'],
  [1101, 'max_age'],
])('an age limit of 1 s judges a connection opened at 100, at %i: %s', (nowMs, verdict) => {
  expect(maxAge(1000, 0)(openedAt(100), nowMs)).toBe(verdict)
})

it.each([
  [949, 950],
  [950, 'max_age'],
  [951, 'max_age'],
])('half of a jitter of a tenth ends it a twentieth earlier, at %i: %s', (nowMs, verdict) => {
  expect(maxAge(1000, 0.1)(openedAt(0, 0.5), nowMs)).toBe(verdict)
})

it('jitter never ends a connection later than the limit, nor earlier than its share', () => {
  const share = fc.double({ min: 0, max: 1, noNaN: true })
  const draw = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
  fc.assert(
    fc.property(share, draw, fc.integer({ min: 1, max: 1e9 }), (jitter, drawn, ageMs) => {
      const verdict = maxAge(ageMs, jitter)(openedAt(0, drawn), -1)
      expect(verdict).toBeLessThanOrEqual(ageMs)
      expect(verdict).toBeGreaterThanOrEqual(ageMs * (1 - jitter))
    }),
  )
})

it('jitter spreads a cohort evenly over its share', () => {
  const deadlines = Array.from({ length: 100 }, (_, index) =>
    maxAge(1000, 0.2)(openedAt(0, index / 100), 0),
  )
  expect(new Set(deadlines).size).toBe(100)
  expect([deadlines[0], deadlines[99]]).toEqual([1000, 802])
})
