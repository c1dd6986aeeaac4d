import { expect, it } from 'vitest'
import { type Estimate, estimate } from './estimate.ts'
import { findingsOf } from './findings.ts'
import { makePlan, type SimulationOptions } from './make-plan.ts'
import type { PlanInput } from './plan-input.ts'
import { plannedPolicy } from './planned-policy.ts'
import { serverModelOf } from './server-model-of.ts'

const NEVER = Number.POSITIVE_INFINITY

const INPUT: PlanInput = {
  requestsPerSecond: 400,
  replicas: 1,
  destinations: 1,
  serviceMs: 19,
  roundTripMs: 1,
  tls: false,
  maxSockets: NEVER,
  path: [],
  sharesAddress: false,
  ports: { first: 32_768, last: 60_999 },
  timeWaitMs: 60_000,
  upstreamMaxConnections: NEVER,
  replicaBytesPerConnection: 1000,
  upstreamBytesPerConnection: 2000,
}

function estimateOf(policy: string, changes: Partial<PlanInput> = {}): Estimate {
  const input = { ...INPUT, ...changes }
  const planned = plannedPolicy(policy, input.path)
  return estimate({ input, planned, server: serverModelOf(input.path) })
}

function codesOf(policy: string, changes: Partial<PlanInput>): string[] {
  const input = { ...INPUT, ...changes }
  const each = {
    input,
    planned: plannedPolicy(policy, input.path),
    server: serverModelOf(input.path),
  }
  return findingsOf(each, estimate(each), null).map(({ code, severity }) => `${severity} ${code}`)
}

it('counts a TIME_WAIT per short connection, on the side that closes first', () => {
  expect(estimateOf('short').timeWaits.client).toBeCloseTo(400 * 60, 3)
  expect(estimateOf('short').timeWaits.upstream).toBe(0)
  const peerFirst = estimateOf('maxRequestsPerConnection=1')
  expect(peerFirst.timeWaits.client).toBe(0)
  expect(peerFirst.timeWaits.upstream).toBeCloseTo(400 * 60, 3)
  const shortIdle = { idleTimeoutMs: 20, hint: 'never' as const, name: 'own' }
  expect(estimateOf('default', { path: [shortIdle] }).timeWaits.client).toBeGreaterThan(0)
  expect(estimateOf('closeMode=reset', { path: [shortIdle] }).timeWaits.client).toBe(0)
})

it('breaks at 470 short connections per second, and holds below', () => {
  expect(codesOf('short', { requestsPerSecond: 360 })).toEqual([])
  expect(codesOf('short', { requestsPerSecond: 400 })).toEqual(['tight ephemeral_ports'])
  expect(codesOf('short', { requestsPerSecond: 480 })).toEqual(['breaks ephemeral_ports'])
  const fleet = { requestsPerSecond: 480, replicas: 10 }
  expect(codesOf('short', fleet)).toEqual([])
  expect(codesOf('short', { ...fleet, sharesAddress: true })).toEqual(['breaks ephemeral_ports'])
  expect(codesOf('short', { ...fleet, sharesAddress: true, destinations: 2 })).toEqual([])
})

it('knows the other limits', () => {
  expect(codesOf('default', { maxSockets: 8 })).toEqual(['breaks overload'])
  expect(codesOf('default', { maxSockets: 9 })).toEqual(['tight overload'])
  expect(codesOf('default', { maxSockets: 30 })).toEqual([])
  expect(codesOf('default', { upstreamMaxConnections: 8 })).toEqual(['breaks upstream_connections'])
  const silent = { name: 'nat', idleTimeoutMs: 20_000, closes: 'silent' as const }
  expect(codesOf('default', { path: [silent] })).toEqual(['breaks silent_path'])
  expect(codesOf('safe', { path: [silent] })).toEqual([])
  const mute = { name: 'mute', idleTimeoutMs: 5000, hint: 'never' as const }
  expect(codesOf('default', { path: [mute] })).toEqual(['note close_race'])
  expect(codesOf('learnIdleLimit=false', { path: [mute] })).toEqual(['tight close_race'])
  expect(codesOf('default', { path: [{ ...mute, hint: 'always' }] })).toEqual([])
  expect(codesOf('default', { path: ['nginx'] })).toEqual(['note request_cap'])
})

it('agrees with the simulation of the real pool', () => {
  const simulation: SimulationOptions = {
    durationMs: 600_000,
    arrivals: { kind: 'exponential' },
    service: { kind: 'exponential' },
    replayableShare: 1,
    loopDelayMs: 0,
    maxRequests: 1e6,
    seed: 5,
  }
  const texts = [
    'idleTimeoutMs=500',
    'maxRequestsPerConnection=50',
    'maxConnectionAgeMs=20000,idleTimeoutMs=5000',
    'maxConnectionAgeMs=30000,maxRequestsPerConnection=500',
    'short',
  ]
  const policies = texts.map((text) => plannedPolicy(text, []))
  const { outlooks } = makePlan({ ...INPUT, replicas: 4 }, policies, simulation)
  for (const { estimate: expected, simulation: found } of outlooks) {
    const opensPerSecond = ((found?.opens ?? 0) / simulation.durationMs) * 1000
    expect(opensPerSecond / expected.opensPerSecond).toBeGreaterThan(0.8)
    expect(opensPerSecond / expected.opensPerSecond).toBeLessThan(1.2)
    const levels = found?.timeline.openConnections ?? []
    const mean = levels.reduce((sum, level) => sum + level, 0) / levels.length
    expect(mean / expected.fleet.mean).toBeGreaterThan(0.85)
    expect(mean / expected.fleet.mean).toBeLessThan(1.15)
  }
})
