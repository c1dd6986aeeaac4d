import type { BenchResult } from '../../bench/bench-result.ts'
import { renderFigure, renderHeading } from '../../forms/html/figure.ts'
import { markup } from '../../forms/html/markup.ts'
import { renderPage } from '../../forms/html/page.ts'
import { hasClaims, type ResultComparison } from '../compare-results.ts'
import { comparisonNotes, comparisonVerdict, describeTask } from '../render-comparison.ts'
import { comparisonFigure } from './comparison-figure.ts'
import { renderFooter, renderHeader, renderResult } from './render-html.ts'

/** Two results and their comparison, as one file. */
export function renderComparisonHtml(
  comparison: ResultComparison,
  before: BenchResult,
  after: BenchResult,
): string {
  const verdict = comparisonVerdict(comparison)
  const figures = comparison.runs.map((run, index) => {
    const figure = comparisonFigure(run, `change-${index + 1}`)
    return figure === undefined
      ? markup`<p class="note">${describeTask(run)}: no variant in common</p>`
      : markup`<p class="note">${describeTask(run)}</p>${renderFigure(figure, 2)}`
  })
  return renderPage(
    `holdfast report: ${verdict}`,
    markup`${renderHeader('holdfast report', after)}
<main>
<h1 class="${hasClaims(comparison) ? '' : 'headline'}">${verdict}</h1>
${figures}
<section class="panel">${renderHeading(2, 'What limits the comparison')}
<ul>${comparisonNotes(comparison).map((note) => markup`<li>${note}</li>`)}</ul></section>
<details class="part" id="second"><summary>The second result</summary>${renderResult(after, 'second-', 'h3')}</details>
<details class="part" id="first"><summary>The first result</summary>${renderResult(before, 'first-', 'h3')}</details>
</main>
${renderFooter(after)}`,
  )
}
