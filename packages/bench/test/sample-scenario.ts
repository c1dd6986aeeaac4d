import { type PolicyOptions, resolvePolicy } from '@holdfast/core'
import type { Scenario } from '../src/plan/simulation/scenario.ts'
import { type SimulationResult, simulateFleet } from '../src/plan/simulation/simulate-fleet.ts'

export const NEVER = Number.POSITIVE_INFINITY

/** Fields that a test sets; the others never limit anything. */
export interface Changes {
  readonly policy?: PolicyOptions
  readonly server?: Partial<Scenario['server']>
  readonly traffic?: Partial<Scenario['traffic']>
  readonly network?: Partial<Scenario['network']>
  readonly ports?: Scenario['ports']
  readonly guardsPorts?: boolean
  readonly maxConnections?: number
  readonly durationMs?: number
}

export function scenarioOf({ policy, server, traffic, network, ...rest }: Changes): Scenario {
  return {
    policy: resolvePolicy({ maxConnectionAgeMs: NEVER, ...policy }),
    guardsPorts: false,
    maxConnections: NEVER,
    server: {
      idleTimeoutMs: NEVER,
      maxRequests: NEVER,
      announces: false,
      closes: 'fin',
      forgetsAfterMs: NEVER,
      timeWaitMs: 60_000,
      ...server,
    },
    traffic: {
      requestsPerSecond: 10,
      arrivals: { kind: 'exponential' },
      serviceMs: 20,
      service: { kind: 'exponential' },
      destinations: 1,
      replayableShare: 1,
      ...traffic,
    },
    network: { roundTripMs: 1, dialRoundTrips: 1, loopDelayMs: 0, ...network },
    ports: { first: 32_768, last: 60_999 },
    timeWaitMs: 60_000,
    durationMs: 600_000,
    ...rest,
  }
}

export function simulate(changes: Changes, replicas = 1, seed = 1): SimulationResult {
  return simulateFleet(scenarioOf(changes), { replicas, maxRequests: 1e6, seed })
}
