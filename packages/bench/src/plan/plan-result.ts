import type { PolicyOptions } from '@holdfast/core'
import type { Recommendation } from '../forms/recommendation.ts'
import type { Finding } from './findings.ts'
import type { Forecast } from './forecast.ts'
import type { PlanInput } from './plan-input.ts'
import type { ServerModel } from './simulation/scenario.ts'
import type { SimulationResult } from './simulation/simulate-fleet.ts'

/** Changes with every change that could break a reader. */
export const PLAN_SCHEMA = 'holdfast.plan/2'

/** What one policy leads to. */
export interface PolicyOutlook {
  readonly name: string
  /** Complete. */
  readonly policy: PolicyOptions
  /** Why the policy is what it is, where it was computed from the path. */
  readonly reasons: readonly string[]
  readonly forecast: Forecast
  readonly simulation: SimulationResult
  readonly findings: readonly Finding[]
}

/** The whole plan, and the only source of every other form of it. JSON writes Infinity as null. */
export interface PlanResult {
  readonly schema: typeof PLAN_SCHEMA
  /** Of the bench package. */
  readonly version: string
  readonly input: PlanInput
  readonly server: ServerModel
  readonly outlooks: readonly PolicyOutlook[]
  /** Null where no policy takes part. */
  readonly recommendation: Recommendation | null
}
