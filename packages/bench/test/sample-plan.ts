import { resolvePolicy } from '@holdfast/core'
import type { SimulationOptions } from '../src/plan/make-plan.ts'
import type { PlanInput, PlannedPolicy } from '../src/plan/plan-input.ts'

/** A fleet of ten replicas that ask one upstream a hundred times a second. */
export function samplePlanInput(changes: Partial<PlanInput> = {}): PlanInput {
  return {
    requestsPerSecond: 100,
    replicas: 10,
    destinations: 1,
    serviceMs: 20,
    roundTripMs: 1,
    tls: false,
    maxSockets: Number.POSITIVE_INFINITY,
    path: [],
    sharesAddress: false,
    ports: { first: 32_768, last: 60_999 },
    timeWaitMs: 60_000,
    upstreamMaxConnections: Number.POSITIVE_INFINITY,
    replicaBytesPerConnection: 1,
    upstreamBytesPerConnection: 1,
    ...changes,
  }
}

/** The default policy, as a plan names it. */
export function samplePolicy(): PlannedPolicy {
  return { name: 'default', policy: resolvePolicy(), guardsPorts: true, reasons: [] }
}

/** A minute of requests at random. */
export const SAMPLE_SIMULATION: SimulationOptions = {
  durationMs: 60_000,
  arrivals: { kind: 'exponential' },
  service: { kind: 'exponential' },
  replayableShare: 1,
  loopDelayMs: 1,
  maxRequests: 10_000,
  seed: 1,
}
