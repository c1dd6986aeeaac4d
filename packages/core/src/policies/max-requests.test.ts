import { expect, it } from 'vitest'
import { connectionFacts } from '../../test/connection-facts.ts'
import { maxRequests } from './max-requests.ts'

it.each([
  [0, Number.POSITIVE_INFINITY],
  [2, Number.POSITIVE_INFINITY],
  [3, 'max_requests'],
  [4, 'max_requests'],
])('a limit of 3 requests judges a connection leased %i times: %s', (requestCount, verdict) => {
  const connection = connectionFacts({ requestCount })
  expect(maxRequests(3)(connection, 1e9)).toBe(verdict)
})
