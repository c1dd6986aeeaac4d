import { expect, it } from 'vitest'
import { connectionFacts } from '../../test/connection-facts.ts'
import { learnedIdleLimit } from './learned-idle-limit.ts'

it.each([
  [4999, 5000],
  [5000, 'learned_limit'],
  [5001, 'learned_limit'],
])('judges a limit of 4 s at %i for a connection idle since 1 000: %s', (nowMs, verdict) => {
  const connection = connectionFacts({ idleSinceMs: 1000, learnedIdleMs: 4000 })
  expect(learnedIdleLimit(connection, nowMs)).toBe(verdict)
})

it('never refuses where nothing was learned', () => {
  expect(learnedIdleLimit(connectionFacts(), 1e12)).toBe(Number.POSITIVE_INFINITY)
})
