import type { PolicyOptions } from '@holdfast/core'
import type { Recommendation } from '../forms/recommendation.ts'
import type { Finding } from './findings.ts'
import type { Forecast } from './forecast.ts'
import type { PlanInput } from './plan-input.ts'
import type { ServerModel } from './simulation/scenario.ts'
import type { SimulationResult } from './simulation/simulate-fleet.ts'

/** Name of the plan's schema; it changes whenever a reader could break. */
export const PLAN_SCHEMA = 'holdfast.plan/2'

/** Forecast and findings of one policy. */
export interface PolicyOutlook {
  readonly name: string
  /** Policy with all its fields. */
  readonly policy: PolicyOptions
  /** Reasons for a policy that was computed from the path. */
  readonly reasons: readonly string[]
  readonly forecast: Forecast
  readonly simulation: SimulationResult
  readonly findings: readonly Finding[]
}

/** Whole plan; every other form is made from it. JSON writes Infinity as null. */
export interface PlanResult {
  readonly schema: typeof PLAN_SCHEMA
  /** Version of the bench package. */
  readonly version: string
  readonly input: PlanInput
  readonly server: ServerModel
  readonly outlooks: readonly PolicyOutlook[]
  /** Policy to take; null without policies. */
  readonly recommendation: Recommendation | null
}
