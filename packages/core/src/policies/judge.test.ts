import { expect, it } from 'vitest'
import { connectionFacts } from '../../test/connection-facts.ts'
import { judgeOf } from './judge.ts'
import { resolvePolicy } from './resolve-policy.ts'

const connection = connectionFacts({ idleSinceMs: 100 })
const UNLIMITED = {
  idleTimeoutMs: Number.POSITIVE_INFINITY,
  maxConnectionAgeMs: Number.POSITIVE_INFINITY,
}

it('never refuses where nothing is limited', () => {
  expect(judgeOf(resolvePolicy(UNLIMITED))(connection, 1e12)).toBe(Number.POSITIVE_INFINITY)
})

it.each([
  ['max_requests', { maxRequestsPerConnection: 1 }],
  ['max_age', { maxConnectionAgeMs: 150 }],
  ['idle_timeout', { idleTimeoutMs: 50 }],
])('refuses for %s where only that is limited', (reason, limit) => {
  const judge = judgeOf(resolvePolicy({ ...UNLIMITED, ...limit }))
  expect(judge(connection, 150)).toBe(reason)
})

it('allows use until the earlier of the age and the idle limit', () => {
  const judge = judgeOf(resolvePolicy({ idleTimeoutMs: 50, maxConnectionAgeMs: 120 }))
  expect(judge(connection, 110)).toBe(120)
  expect(judge({ ...connection, openedAtMs: 90 }, 110)).toBe(150)
})

it('names the count of requests before the age, and the age before the idle time', () => {
  const limits = { maxRequestsPerConnection: 1, maxConnectionAgeMs: 1, idleTimeoutMs: 1 }
  expect(judgeOf(resolvePolicy(limits))(connection, 1e6)).toBe('max_requests')
  const judge = judgeOf(resolvePolicy({ ...limits, maxRequestsPerConnection: 2 }))
  expect(judge(connection, 1e6)).toBe('max_age')
})

it('honours what the server announced, unless it is told not to', () => {
  const hinted = connectionFacts({ hintedIdleMs: 1000, hintedRequestLimit: 1 })
  expect(judgeOf(resolvePolicy(UNLIMITED))(hinted, 0)).toBe('server_hint')
  const judge = judgeOf(resolvePolicy({ ...UNLIMITED, serverHints: 'ignore' }))
  expect(judge(hinted, 0)).toBe(Number.POSITIVE_INFINITY)
})
