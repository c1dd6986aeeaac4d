import { expect, it, vi } from 'vitest'
import { connectionFacts } from '../../test/connection-facts.ts'
import { combinePolicies, until } from './policy.ts'

const connection = connectionFacts()

it('the earliest deadline counts where no policy refuses', () => {
  expect(combinePolicies([() => 300, () => 100, () => 200])(connection, 0)).toBe(100)
})

it('no policy means no deadline', () => {
  expect(combinePolicies([])(connection, 0)).toBe(Number.POSITIVE_INFINITY)
})

it('the first refusal wins, and nobody is asked after it', () => {
  const later = vi.fn<() => 'max_age'>(() => 'max_age')
  const judge = combinePolicies([() => 100, () => 'max_requests', later])
  expect(judge(connection, 0)).toBe('max_requests')
  expect(later).not.toHaveBeenCalled()
})

it('a refusal wins over any deadline, however early', () => {
  expect(combinePolicies([() => 1, () => 'idle_timeout'])(connection, 0)).toBe('idle_timeout')
})

it('each policy sees the connection and the instant', () => {
  const policy = vi.fn<() => number>(() => 1)
  combinePolicies([policy])(connection, 7)
  expect(policy).toHaveBeenCalledExactlyOnceWith(connection, 7)
})

it.each([
  [99, 100],
  [100, 'max_age'],
  [101, 'max_age'],
])('a deadline at 100 does not include that instant, at %i: %s', (nowMs, verdict) => {
  expect(until(100, nowMs, 'max_age')).toBe(verdict)
})
