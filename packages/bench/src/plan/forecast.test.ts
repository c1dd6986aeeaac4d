import { expect, it } from 'vitest'
import { poolOccupancy } from '../../test/closed-form/pool-occupancy.ts'
import { waitingTime } from '../../test/closed-form/waiting-time.ts'
import { SAMPLE_SIMULATION, samplePlanInput } from '../../test/sample-plan.ts'
import { makePlan } from './make-plan.ts'
import type { PlanInput } from './plan-input.ts'
import type { PolicyOutlook } from './plan-result.ts'
import { plannedPolicy } from './planned-policy.ts'

const INPUT = samplePlanInput({ requestsPerSecond: 400, replicas: 1, serviceMs: 19 })
const LONG = { ...SAMPLE_SIMULATION, durationMs: 200_000, maxRequests: 1e6, loopDelayMs: 0 }

function outlookOf(
  policy: string,
  changes: Partial<PlanInput> = {},
  simulation = SAMPLE_SIMULATION,
): PolicyOutlook {
  const input = { ...INPUT, ...changes }
  const { outlooks } = makePlan(input, [plannedPolicy(policy, input.path)], simulation)
  return outlooks[0] as PolicyOutlook
}

function codesOf(policy: string, changes: Partial<PlanInput>): string[] {
  return outlookOf(policy, changes).findings.map(({ code, severity }) => `${severity} ${code}`)
}

it('agrees with the mathematics of requests that come at random', () => {
  const stream = { requestsPerSecond: 400, holdMs: 21, idleTimeoutMs: 500 }
  const predicted = poolOccupancy({ ...stream, maxConnections: Number.POSITIVE_INFINITY })
  const changes = { serviceMs: 20 }
  const { forecast } = outlookOf('idleTimeoutMs=500,learnIdleLimit=false', changes, LONG)

  expect(forecast.opensPerSecond / predicted.opensPerSecond).toBeGreaterThan(0.85)
  expect(forecast.opensPerSecond / predicted.opensPerSecond).toBeLessThan(1.15)
  expect(forecast.fleet.mean / predicted.meanConnections).toBeGreaterThan(0.9)
  expect(forecast.fleet.mean / predicted.meanConnections).toBeLessThan(1.1)
  const { simulation } = outlookOf('default', { maxSockets: 10, serviceMs: 19 }, LONG)
  const wait = waitingTime(8, 10, 20)
  expect(simulation.queue.waitedShare / (wait?.waitShare ?? 0)).toBeGreaterThan(0.8)
  expect(simulation.queue.waitedShare / (wait?.waitShare ?? 0)).toBeLessThan(1.25)
})

it('has TIME_WAITs of short connections on both sides, since both close at once', () => {
  const { timeWaits } = outlookOf('short', {}, LONG).forecast

  // Measured against Apache 2.4: 152 of 5,260 at the client.
  const all = timeWaits.client.mean + timeWaits.upstream.mean
  expect(outlookOf('short').forecast.timeWaits.client.mean).toBeGreaterThan(0)
  expect(timeWaits.upstream.mean / all).toBeLessThan(0.5)
  const busy = outlookOf('short', {}, { ...LONG, loopDelayMs: 1 }).forecast.timeWaits
  expect(busy.client.mean / (busy.client.mean + busy.upstream.mean)).toBeCloseTo(0.03, 2)
  const peerFirst = outlookOf('maxRequestsPerConnection=1', {}, LONG).forecast.timeWaits
  expect(peerFirst.client.mean).toBe(0)
  expect(peerFirst.upstream.mean).toBeGreaterThan(20_000)
})

it('knows the limits', () => {
  expect(codesOf('default', { maxSockets: 8 })).toContain('breaks overload')
  expect(codesOf('default', { maxSockets: 100 })).toEqual([])
  expect(codesOf('default', { upstreamMaxConnections: 8 })).toContain('breaks upstream_connections')
  const silent = { name: 'nat', idleTimeoutMs: 20_000, closes: 'silent' as const }
  expect(codesOf('default', { path: [silent] })).toContain('breaks silent_path')
  expect(codesOf('safe', { path: [silent] })).toEqual([])
  expect(codesOf('default', { path: ['nginx'] })).toContain('note request_cap')
})

it('breaks where ephemeral ports run out', () => {
  const ports = { first: 40_000, last: 40_099 }
  const idle = 'maxRequestsPerConnection=1,closeMode=fin'
  const simulation = { ...LONG, loopDelayMs: 0 }
  const { findings } = outlookOf(idle, { ports, requestsPerSecond: 5 }, simulation)

  expect(findings.map(({ code }) => code)).toContain('ephemeral_ports')
})
