import type { Policy } from './policy.ts'

/** A connection serves `maxRequests` requests at the most. */
export const maxRequests =
  (maxRequestsPerConnection: number): Policy =>
  (connection) =>
    connection.requestCount < maxRequestsPerConnection ? Number.POSITIVE_INFINITY : 'max_requests'
