import { packageVersion } from '../cli/provenance.ts'
import { findingsOf } from './findings.ts'
import { forecastOf } from './forecast.ts'
import type { PlanCase, PlanInput, PlannedPolicy } from './plan-input.ts'
import { PLAN_SCHEMA, type PlanResult, type PolicyOutlook } from './plan-result.ts'
import { recommend } from './recommend.ts'
import { serverModelOf } from './server-model-of.ts'
import type { Arrivals, Spread } from './simulation/distributions.ts'
import type { Scenario } from './simulation/scenario.ts'
import { type Fleet, type SimulationResult, simulateFleet } from './simulation/simulate-fleet.ts'

/** Settings of the simulation behind a plan. */
export interface SimulationOptions {
  readonly durationMs: number
  readonly arrivals: Arrivals
  readonly service: Spread
  readonly replayableShare: number
  readonly loopDelayMs: number
  readonly maxRequests: number
  readonly seed: number
}

/** Receives the progress of a plan. */
export type PlanObserver = (policy: string, done: number, of: number) => void

/** Simulates each policy with the real pool on a virtual clock, and recommends one. */
export function makePlan(
  input: PlanInput,
  policies: readonly PlannedPolicy[],
  simulation: SimulationOptions,
  hear?: PlanObserver,
): PlanResult {
  const server = serverModelOf(input.path)
  const outlooks = policies.map((planned): PolicyOutlook => {
    const each: PlanCase = { input, planned, server }
    const simulated = simulate(each, simulation, hear)
    const forecast = forecastOf(each, simulated)
    return {
      name: planned.name,
      policy: planned.policy,
      reasons: planned.reasons,
      forecast,
      simulation: simulated,
      findings: findingsOf(each, forecast, simulated),
    }
  })
  const recommendation = recommend(input, server, outlooks)
  return { schema: PLAN_SCHEMA, version: packageVersion(), input, server, outlooks, recommendation }
}

function simulate(
  each: PlanCase,
  options: SimulationOptions,
  hear: PlanObserver | undefined,
): SimulationResult {
  const { input, planned } = each
  const fleet: Fleet = {
    replicas: input.replicas,
    maxRequests: options.maxRequests,
    seed: options.seed,
  }
  return simulateFleet(scenarioOf(each, options), fleet, (done, of) =>
    hear?.(planned.name, done, of),
  )
}

function scenarioOf({ input, planned, server }: PlanCase, options: SimulationOptions): Scenario {
  const { first, last } = input.ports
  // Replicas behind one address share its ports.
  const share = input.sharesAddress ? input.replicas : 1
  const ports = Math.max(1, Math.floor((last - first + 1) / share))
  return {
    policy: planned.policy,
    guardsPorts: planned.guardsPorts,
    maxConnections: input.maxSockets,
    server,
    traffic: {
      requestsPerSecond: input.requestsPerSecond / input.replicas,
      arrivals: options.arrivals,
      serviceMs: input.serviceMs,
      service: options.service,
      destinations: input.destinations,
      replayableShare: options.replayableShare,
    },
    network: {
      roundTripMs: input.roundTripMs,
      dialRoundTrips: input.tls ? 2 : 1,
      loopDelayMs: options.loopDelayMs,
    },
    ports: { first, last: first + ports - 1 },
    timeWaitMs: input.timeWaitMs,
    durationMs: options.durationMs,
  }
}
