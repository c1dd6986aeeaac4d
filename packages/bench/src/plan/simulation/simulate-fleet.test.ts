import { describe, expect, it } from 'vitest'
import { poolOccupancy } from '../../../test/closed-form/pool-occupancy.ts'
import { NEVER, scenarioOf, simulate } from '../../../test/sample-scenario.ts'
import { simulateFleet } from './simulate-fleet.ts'

const peak = (levels: readonly number[]): number => Math.max(...levels)

describe('a simulation', () => {
  it('is the same for the same seed, and another one for another', () => {
    expect(simulate({}, 3)).toEqual(simulate({}, 3))
    expect(simulate({}, 3, 2)).not.toEqual(simulate({}, 3))
  })

  it('opens what the formula says for requests that come at random', () => {
    const stream = { requestsPerSecond: 40, holdMs: 51, idleTimeoutMs: 2000, maxConnections: NEVER }
    const predicted = poolOccupancy(stream)
    const { opens, timeline } = simulate(
      {
        policy: { idleTimeoutMs: stream.idleTimeoutMs, learnIdleLimit: false },
        traffic: { requestsPerSecond: 40, serviceMs: 50 },
        network: { dialRoundTrips: 0 },
        durationMs: 2_000_000,
      },
      6,
    )
    const meanOpen =
      timeline.openConnections.reduce((sum, level) => sum + level, 0) /
      timeline.openConnections.length /
      6

    expect(opens / 6 / 2000 / predicted.opensPerSecond).toBeCloseTo(1, 1)
    expect(meanOpen / predicted.meanConnections).toBeCloseTo(1, 1)
  })
})

describe('TIME_WAIT', () => {
  const short = { maxRequestsPerConnection: 1 }

  it('stays with a client that closes first, for a minute', () => {
    const constant = { arrivals: { kind: 'constant' as const } }
    const { timeline, opens } = simulate({
      policy: { ...short, closeMode: 'fin' },
      traffic: constant,
      // Its FIN arrives before the server, which is a little slower, sends its own.
      network: { roundTripMs: 0.01, loopDelayMs: 0 },
    })
    expect(opens).toBe(6000)
    // Ten a second for 60 s, and one more where a look falls on the instant of an arrival.
    expect(peak(timeline.clientTimeWaits)).toBeGreaterThanOrEqual(600)
    expect(peak(timeline.clientTimeWaits)).toBeLessThanOrEqual(601)
    expect(peak(timeline.upstreamTimeWaits)).toBe(0)
  })

  it('stays with the server where the client lets it close first', () => {
    const { timeline, opens } = simulate({ policy: short })
    expect(opens).toBeGreaterThan(5000)
    expect(peak(timeline.clientTimeWaits)).toBe(0)
    expect(peak(timeline.upstreamTimeWaits)).toBeGreaterThan(500)
  })

  it('ends connections for want of a port', () => {
    const { portsExhausted, peakTimeWaitsOfReplica } = simulate({
      policy: { ...short, closeMode: 'fin' },
      ports: { first: 10_000, last: 10_099 },
      durationMs: 60_000,
    })
    expect(portsExhausted).toBeGreaterThan(400)
    expect(peakTimeWaitsOfReplica).toBeLessThanOrEqual(100)
    expect(peakTimeWaitsOfReplica).toBeGreaterThan(90)
  })

  it('is avoided by resets before the ports run out, where ports are guarded', () => {
    const { portsExhausted, peakTimeWaitsOfReplica } = simulate({
      policy: { ...short, closeMode: 'fin' },
      ports: { first: 10_000, last: 10_099 },
      guardsPorts: true,
      durationMs: 60_000,
    })
    expect(portsExhausted).toBe(0)
    expect(peakTimeWaitsOfReplica).toBeLessThanOrEqual(80)
  })
})

describe('a connection that the server has closed', () => {
  // Requests come 5,020.5 ms apart and take 19 ms and a round trip, so that the next one is sent
  // 5,000.5 ms after the answer has left: it crosses the close that comes after 5 s.
  const atTheLimit = {
    server: { idleTimeoutMs: 5000 },
    traffic: { requestsPerSecond: 1000 / 5020.5, arrivals: { kind: 'constant' as const } },
    policy: { learnIdleLimit: false, serverHints: 'ignore' as const },
  }
  const serviceMs = 19

  it('is met by a request that crosses its close, and the request is sent again', () => {
    const traffic = { ...atTheLimit.traffic, serviceMs, service: { kind: 'constant' as const } }
    const { stale } = simulate({ ...atTheLimit, traffic })
    expect(stale.met).toBeGreaterThan(30)
    expect(stale).toMatchObject({ avoided: 0, replayed: stale.met, failed: 0 })
    const unsafe = { ...traffic, replayableShare: 0 }
    const { stale: lost } = simulate({ ...atTheLimit, traffic: unsafe })
    expect(lost.met).toBeGreaterThan(30)
    expect(lost).toMatchObject({ avoided: 0, replayed: 0, failed: lost.met })
  })

  it('costs the request where the policy lets none be sent again', () => {
    const traffic = { ...atTheLimit.traffic, serviceMs, service: { kind: 'constant' as const } }
    const policy = { ...atTheLimit.policy, replay: 'never' as const }
    const { stale } = simulate({ ...atTheLimit, traffic, policy })
    expect(stale.met).toBeGreaterThan(30)
    expect(stale).toMatchObject({ avoided: 0, replayed: 0, failed: stale.met })
  })

  it('is not met where the policy is below the limit, or the server is listened to', () => {
    const traffic = { ...atTheLimit.traffic, serviceMs, service: { kind: 'constant' as const } }
    const none = { avoided: 0, met: 0, replayed: 0, failed: 0 }
    const below = { ...atTheLimit.policy, idleTimeoutMs: 4000 }
    expect(simulate({ ...atTheLimit, traffic, policy: below }).stale).toEqual(none)
    const announcing = { ...atTheLimit.server, announces: true }
    const listening = simulate({ traffic, server: announcing })
    expect(listening.stale).toEqual(none)
    expect(listening.closes.server_hint).toBeGreaterThan(100)
  })

  it.each(['peek', 'fence'] as const)(
    'is seen by the %s where the process has not heard yet',
    (staleCheck) => {
      const busy = { network: { loopDelayMs: 1e5 }, server: { idleTimeoutMs: 1000 } }
      const traffic = { requestsPerSecond: 0.5, arrivals: { kind: 'constant' as const } }
      const { stale } = simulate({ ...busy, traffic, policy: { ...atTheLimit.policy, staleCheck } })
      expect(stale.avoided).toBeGreaterThan(250)
      expect(stale.met).toBe(0)
      const careless = { ...atTheLimit.policy, staleCheck: 'none' as const }
      const { stale: missed } = simulate({ ...busy, traffic, policy: careless })
      expect(missed.met).toBeGreaterThan(250)
      expect(missed.avoided).toBe(0)
    },
  )

  it('is met silently behind a middlebox, unless TCP probes keep it known there', () => {
    const traffic = { requestsPerSecond: 0.02, arrivals: { kind: 'constant' as const } }
    const server = { forgetsAfterMs: 40_000 }
    const policy = { idleTimeoutMs: NEVER }
    expect(simulate({ server, traffic, policy }).stale.met).toBe(0)
    const silent = { ...policy, tcpKeepAlive: false as const }
    expect(simulate({ server, traffic, policy: silent }).stale.met).toBeGreaterThan(5)
  })
})

it('simulates thousands of replicas, and as many of them as the bound allows', () => {
  const scenario = scenarioOf({ traffic: { requestsPerSecond: 0.5 }, durationMs: 100_000 })
  const all = simulateFleet(scenario, { replicas: 3000, maxRequests: 1e6, seed: 1 })
  expect(all.simulatedReplicas).toBe(3000)
  expect(all.requests / 150_000).toBeCloseTo(1, 1)
  const some = simulateFleet(scenario, { replicas: 3000, maxRequests: 5000, seed: 1 })
  expect(some.simulatedReplicas).toBe(100)
})
