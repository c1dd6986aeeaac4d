import type { Line } from '../cli/line.ts'
import { wrapped } from '../cli/wrapped.ts'
import type { DataTable } from '../forms/data-table.ts'
import { factor, formatInterval, formatRatio } from '../forms/format.ts'
import { escapeMarkdown, markdownList, markdownTable } from '../forms/markdown.ts'
import { paragraphs } from '../forms/paragraphs.ts'
import { tableLines } from '../forms/table-lines.ts'
import type { RatioChange, ResultComparison, RunComparison } from './compare-results.ts'
import { describeScenario } from './describe-method.ts'
import { MAIN_METRICS, METRIC_HEADS, METRIC_TITLES } from './metric-titles.ts'

/** Caveat of every comparison, whose meaning is easily mistaken. */
const CAVEAT =
  'Compared are ratios to the baseline within each result, not times of one day with times of another; the interval is as wide as both intervals together allow, and a change within both noise floors is not claimed.'

/** Comparison in one line. */
export function comparisonVerdict({ runs }: ResultComparison): string {
  const changes = runs.flatMap((run) => run.changes)
  if (changes.length === 0)
    return 'nothing can be compared: no variant was measured in both results in the same way'
  const claimed = changes.filter(({ change }) => change !== 'unsure')
  if (claimed.length === 0) return `no change can be claimed in ${changes.length} comparisons`
  const main = runs.flatMap(({ after, changes: all }) =>
    all.filter(
      ({ change, metric }) =>
        change !== 'unsure' && metric === MAIN_METRICS[after.scenario.workload.kind],
    ),
  )
  return (main.length > 0 ? main : claimed).map(describeChange).join('; ')
}

function describeChange({
  candidate,
  metric,
  change,
  ratio,
  low,
  high,
  after,
}: RatioChange): string {
  return `${candidate}: ${METRIC_TITLES[metric]} against ${after.reference} ${change}, ${factor(ratio)} ${formatInterval({ low, high })} of what it was`
}

/** Table of the changes of one scenario. */
export function changesTable({ changes }: RunComparison): DataTable {
  return {
    labels: 2,
    columns: ['', 'metric', 'change', 'after / before', 'coverage', 'before', 'after'],
    rows: changes.map((each) => [
      each.candidate,
      METRIC_HEADS[each.metric],
      each.change,
      `${factor(each.ratio)} ${formatInterval(each)}`,
      `${(each.coverage * 100).toFixed(1)} %`,
      formatRatio(each.before),
      formatRatio(each.after),
    ]),
  }
}

/** Scenario of both runs. */
export function describeTask({ after: { scenario } }: RunComparison): string {
  return `${describeScenario(scenario)}; baseline ${scenario.baseline}`
}

/** Limits of the comparison, in sentences. */
export function comparisonNotes({ differences, unmatched }: ResultComparison): string[] {
  return [CAVEAT, ...differences.map((difference) => `differs: ${difference}`), ...unmatched]
}

/** Comparison for a terminal. */
export function renderComparison(comparison: ResultComparison, columns: number): Line[] {
  const prose = (text: string): string[] => wrapped(text, columns, '  ')
  return paragraphs([
    prose(comparisonVerdict(comparison)).map((text) => ({ text, style: 'bold' })),
    ...comparison.runs.map((run) => [
      ...prose(describeTask(run)),
      ...tableLines(changesTable(run), columns),
    ]),
    comparisonNotes(comparison).flatMap(prose),
  ])
}

/** Comparison for a pull request. */
export function renderComparisonMarkdown(comparison: ResultComparison): string {
  const parts = [
    `**${escapeMarkdown(comparisonVerdict(comparison))}**`,
    ...comparison.runs.flatMap((run) => [
      escapeMarkdown(describeTask(run)),
      markdownTable(changesTable(run)),
    ]),
    markdownList(comparisonNotes(comparison)),
  ]
  return `${parts.join('\n\n')}\n`
}
