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

/** How a plan is put to the test. */
export interface SimulationOptions {
  readonly durationMs: number
  readonly arrivals: Arrivals
  readonly service: Spread
  readonly replayableShare: number
  readonly loopDelayMs: number
  readonly maxRequests: number
  readonly seed: number
}

/** Hears how a plan comes about. */
export type PlanObserver = (policy: string, done: number, of: number) => void

/** Works out what each policy leads to, by the real pool on a virtual clock, and which to take. */
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
  // Replicas behind one address get their part of its ports each.
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
