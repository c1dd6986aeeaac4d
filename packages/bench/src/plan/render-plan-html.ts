import { adviceHeadline, renderAdvice } from '../forms/html/advice.ts'
import { renderDataTable, renderFigure, renderHeading } from '../forms/html/figure.ts'
import { type Markup, markup, NOTHING } from '../forms/html/markup.ts'
import { renderPage } from '../forms/html/page.ts'
import { shapesFigure } from '../forms/html/shapes-figure.ts'
import { type StateHistory, stateHistoryFigure } from '../forms/html/state-history-figure.ts'
import type { PlanResult } from './plan-result.ts'
import {
  forecastTable,
  judgementOf,
  premises,
  reasonsOf,
  remarks,
  verdictOf,
} from './render-plan.ts'
import {
  describeCloses,
  describeSimulation,
  type SimulatedPolicy,
  simulatedPolicies,
  simulationTable,
} from './simulation-table.ts'

/** Plan as one HTML file that needs nothing else. */
export function renderPlanHtml(plan: PlanResult): string {
  const { recommendation, outlooks } = plan
  const headline =
    recommendation === null ? outlooks.map(judgementOf).join(', ') : adviceHeadline(recommendation)
  return renderPage(
    `holdfast plan: ${headline}`,
    markup`<header><p class="product">holdfast plan</p><p class="stamp">version ${plan.version}</p><button id="theme" type="button" hidden>Dark</button></header>
<main><h1>${headline}</h1>
${renderStory(plan)}
${recommendation === null ? NOTHING : renderAdvice(recommendation, 2)}
${plan.outlooks.map((outlook) => markup`<p class="lead">${verdictOf(outlook)}</p>`)}
${renderRemarks(plan)}
<section class="panel">${renderHeading(2, 'In the long run')}
${renderDataTable(forecastTable(plan), 'What each policy leads to', 'forecasts')}</section>
${renderSimulation(plan)}
${renderList('Why the policy is what it is', reasonsOf(plan))}
${renderList('What the plan rests on', premises(plan))}
</main>
<footer>Made from a plan of schema ${plan.schema}.</footer>`,
  )
}

function renderRemarks(plan: PlanResult): Markup {
  const all = remarks(plan)
  if (all.length === 0) return NOTHING
  const breaks = plan.outlooks.some(({ findings: [worst] }) => worst?.severity === 'breaks')
  return markup`<ul class="${breaks ? 'alarm' : 'remarks'}" aria-label="What to know">${all.map((line) => markup`<li>${line}</li>`)}</ul>`
}

function renderList(title: string, lines: readonly string[]): Markup {
  if (lines.length === 0) return NOTHING
  return markup`<section class="panel">${renderHeading(2, title)}<ul>${lines.map((line) => markup`<li>${line}</li>`)}</ul></section>`
}

function renderSimulation(plan: PlanResult): Markup {
  const simulated = simulatedPolicies(plan)
  const [first] = simulated
  if (first === undefined) return NOTHING
  const figure = stateHistoryFigure(simulated.map(historyOf), {
    id: 'timeline',
    title: 'Connections of all replicas over time',
    subject: 'policy',
    caption:
      'Open connections and TIME_WAITs on either side, all on the same scale, from a standing start. Whoever closes first keeps TIME_WAIT.',
  })
  return markup`${figure === undefined ? NOTHING : renderFigure(figure, 2)}
<section class="panel">${renderHeading(2, 'In the simulation')}
<p class="note">${describeSimulation(first.simulation, plan.input.replicas)}</p>
${renderDataTable(simulationTable(simulated), 'What was simulated', 'simulated')}
<ul>${describeCloses(simulated).map((line) => markup`<li>${line}</li>`)}</ul></section>`
}

/** Counts of the simulated replicas, scaled to all replicas. */
function historyOf({ name, simulation }: SimulatedPolicy): StateHistory {
  const { timeline, fleetScale } = simulation
  const scaled = (levels: readonly number[], index: number): number =>
    Math.round((levels[index] ?? 0) * fleetScale)
  return {
    name,
    samples: timeline.openConnections.map((_, index) => {
      const open = scaled(timeline.openConnections, index)
      return {
        atMs: index * timeline.stepMs,
        client: { ESTABLISHED: open, TIME_WAIT: scaled(timeline.clientTimeWaits, index) },
        upstream: { ESTABLISHED: open, TIME_WAIT: scaled(timeline.upstreamTimeWaits, index) },
      }
    }),
  }
}

/** Picture of the policy that opens most connections beside the recommended one. */
function renderStory(plan: PlanResult): Markup {
  const { outlooks, recommendation } = plan
  const taken = outlooks.find(({ name }) => name === recommendation?.policy)
  const [worst] = outlooks.toSorted((a, b) => b.forecast.opensPerSecond - a.forecast.opensPerSecond)
  if (taken === undefined || worst === undefined || taken === worst) return NOTHING
  const figure = shapesFigure([worst, taken].map(historyOf), {
    id: 'story',
    title: `${worst.name} beside ${taken.name}`,
    subject: 'policy',
    caption:
      'What is closed stays in TIME_WAIT. All replicas together, both policies on one scale.',
  })
  return figure === undefined ? NOTHING : renderFigure(figure, 2)
}
