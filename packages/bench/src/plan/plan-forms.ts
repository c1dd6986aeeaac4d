import type { ResultForms } from '../forms/result-forms.ts'
import type { PlanResult } from './plan-result.ts'
import { renderPlan, renderPlanMarkdown } from './render-plan.ts'
import { renderPlanHtml } from './render-plan-html.ts'

/** Forms of a plan. */
export function planForms(plan: PlanResult, isDetailed = true): ResultForms {
  return {
    data: plan,
    text: (columns) => renderPlan(plan, columns, isDetailed),
    markdown: () => renderPlanMarkdown(plan),
    html: () => renderPlanHtml(plan),
  }
}
