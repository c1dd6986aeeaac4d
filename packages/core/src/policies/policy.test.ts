import { expect, it } from 'vitest'
import { until } from './policy.ts'

it.each([
  [99, 100],
  [100, 'max_age'],
  [101, 'max_age'],
])('a deadline at 100 does not include that instant, at %i: %s', (nowMs, verdict) => {
  expect(until(100, nowMs, 'max_age')).toBe(verdict)
})
