import type { PolicyOptions } from '@holdfast/core'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { NEVER, simulate } from '../../../test/sample-scenario.ts'
import type { Scenario } from './scenario.ts'

const policies: fc.Arbitrary<PolicyOptions> = fc.record(
  {
    idleTimeoutMs: fc.integer({ min: 1, max: 20_000 }),
    maxRequestsPerConnection: fc.integer({ min: 1, max: 50 }),
    maxConnectionAgeMs: fc.integer({ min: 1, max: 60_000 }),
    staleCheck: fc.constantFrom('peek', 'fence', 'none'),
    serverHints: fc.constantFrom('honor', 'ignore'),
    learnIdleLimit: fc.boolean(),
    closeMode: fc.constantFrom('peer-first', 'fin', 'reset'),
  },
  { requiredKeys: [] },
)

const servers: fc.Arbitrary<Partial<Scenario['server']>> = fc.record(
  {
    idleTimeoutMs: fc.integer({ min: 1, max: 10_000 }),
    maxRequests: fc.integer({ min: 1, max: 20 }),
    announces: fc.boolean(),
    closes: fc.constantFrom('fin', 'reset'),
    forgetsAfterMs: fc.integer({ min: 1, max: 40_000 }),
  },
  { requiredKeys: [] },
)

const traffics = fc.record({
  requestsPerSecond: fc.double({ min: 0.5, max: 50, noNaN: true }),
  serviceMs: fc.double({ min: 0, max: 100, noNaN: true }),
  arrivals: fc.constantFrom<Scenario['traffic']['arrivals']>(
    { kind: 'constant' },
    { kind: 'exponential' },
    { kind: 'bursts', size: 7 },
  ),
  destinations: fc.integer({ min: 1, max: 3 }),
  replayableShare: fc.constantFrom(0, 0.5, 1),
})

const circumstances = fc.record({
  loopDelayMs: fc.constantFrom(0, 50),
  maxConnections: fc.constantFrom(1, 3, NEVER),
  seed: fc.nat(),
})

it('loses nothing: what was opened is closed or open, what came is served or under way', () => {
  fc.assert(
    fc.property(policies, servers, traffics, circumstances, (policy, server, traffic, more) => {
      const { loopDelayMs, maxConnections, seed } = more
      const network = { loopDelayMs }
      const changes = { policy, server, traffic, network, maxConnections, durationMs: 60_000 }
      const result = simulate(changes, 2, seed)
      const { opens, closes, requests, served, stale, timeline } = result
      const closed = Object.values(closes).reduce((sum, count) => sum + count, 0)
      const underWay = requests - served - stale.failed
      // Capped connections may have a queue that grows; without a cap only what has just come waits.
      const mayBeUnderWay = maxConnections === NEVER ? requests * 0.2 + 100 : requests

      expect(opens - closed).toBe(timeline.openConnections.at(-1))
      expect(stale.met).toBe(stale.replayed + stale.failed)
      expect(underWay).toBeGreaterThanOrEqual(0)
      expect(underWay).toBeLessThanOrEqual(mayBeUnderWay)
      expect(result.peakConnectionsOfReplica).toBeLessThanOrEqual(
        maxConnections * traffic.destinations,
      )
      const mayWait = policy.closeMode === 'reset' ? 0 : closed
      expect(Math.max(...timeline.clientTimeWaits)).toBeLessThanOrEqual(mayWait)
    }),
    { numRuns: 100 },
  )
})
