import { type ResolvedPolicy, resolvePolicy } from '../dist/index.js'

/** Every policy is on, and none ends anything within a measurement. */
export const fullPolicy = (idleTimeoutMs: number): ResolvedPolicy =>
  resolvePolicy({
    idleTimeoutMs,
    maxRequestsPerConnection: 1e9,
    maxConnectionAgeMs: 1e9,
    maxQueuedRequests: 1e9,
    acquireTimeoutMs: 1e9,
    responseTimeoutMs: 1e9,
    maxConnectingPerOrigin: 1e9,
    minIdlePerOrigin: 1,
    trim: 'adaptive',
    staleCheck: 'peek',
  })
