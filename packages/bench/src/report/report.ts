import type { BenchResult } from '../bench/bench-result.ts'
import { type Command, defineCommand } from '../cli/command.ts'
import type { Options } from '../cli/option.ts'
import { UsageError } from '../cli/usage-error.ts'
import { checkForms, type ResultForms, writeForms } from '../forms/result-forms.ts'
import { benchForms } from './bench-forms.ts'
import { compareResults, type ResultComparison } from './compare-results.ts'
import { failureOf, parseThreshold, type Threshold } from './fail-if.ts'
import { renderComparisonHtml } from './html/render-comparison-html.ts'
import { METRIC_TITLES } from './metric-titles.ts'
import { readResult } from './read-result.ts'
import { renderComparison, renderComparisonMarkdown } from './render-comparison.ts'

/** Conditions beside thresholds. */
const CONDITIONS = ['invalid', 'slower'] as const

type Condition = (typeof CONDITIONS)[number]

const OPTIONS = {
  json: { kind: 'flag', description: 'print the result, or what changed, as JSON' },
  markdown: { kind: 'flag', description: 'print it as Markdown, for a pull request' },
  html: {
    kind: 'text',
    description: 'also write it as one HTML file with charts, for a browser',
    placeholder: 'FILE',
  },
  'fail-if': {
    kind: 'texts',
    description: 'exit with 1 if a slice is invalid, a variant slower, or a figure beyond a limit',
    placeholder: "invalid|slower|'VARIANT.FIGURE > NUMBER'",
    names: () => CONDITIONS,
  },
} as const satisfies Options

export const report: Command = defineCommand({
  summary: 'a result of bench in another form, or two of them compared',
  options: OPTIONS,
  takesOperands: true,
  help,
  run: ({ options, operands }, { out, err }) => {
    checkForms(options)
    const [first, second, ...others] = operands
    if (first === undefined || others.length > 0) {
      throw new UsageError(`expected one or two files of results, got ${operands.length}`)
    }
    const before = readResult(first)
    const after = second === undefined ? before : readResult(second)
    const { conditions, thresholds } = readFailIf(options['fail-if'], after)
    const comparison = second === undefined ? undefined : compareResults(before, after)
    const forms =
      comparison === undefined ? benchForms(after) : comparisonForms(comparison, before, after)
    writeForms(forms, options, out)
    const failures = [
      ...conditions.flatMap((condition) => failuresBy(condition, after, comparison)),
      ...thresholds.flatMap((each) => after.runs.flatMap((run) => failureOf(run, each) ?? [])),
    ]
    err.writeLines(failures.map((failure) => `failed: ${failure}`))
    return failures.length > 0 ? 1 : 0
  },
})

function comparisonForms(
  comparison: ResultComparison,
  before: BenchResult,
  after: BenchResult,
): ResultForms {
  return {
    data: comparisonData(comparison),
    text: (columns) => renderComparison(comparison, columns),
    markdown: () => renderComparisonMarkdown(comparison),
    html: () => renderComparisonHtml(comparison, before, after),
  }
}

/** Comparison as data, without the runs, which the results have. */
function comparisonData({ runs, differences, unmatched }: ResultComparison): object {
  return {
    schema: 'holdfast.comparison/1',
    runs: runs.map(({ after, changes }) => ({ scenario: after.scenario, changes })),
    differences,
    unmatched,
  }
}

/**
 * Reads the conditions and thresholds for the last result.
 *
 * @throws UsageError for anything else
 */
function readFailIf(
  texts: readonly string[],
  { runs }: BenchResult,
): { readonly conditions: readonly Condition[]; readonly thresholds: readonly Threshold[] } {
  const participants = [
    ...new Set(runs.flatMap(({ scenario }) => scenario.participants.map(({ id }) => id))),
  ]
  const isCondition = (text: string): text is Condition =>
    CONDITIONS.some((condition) => condition === text)
  return {
    conditions: texts.filter(isCondition),
    thresholds: texts
      .filter((text) => !isCondition(text))
      .map((text) => parseThreshold(text, participants)),
  }
}

/** Reasons why the last result fails a condition; of two results, `slower` is about the change. */
function failuresBy(
  condition: Condition,
  after: BenchResult,
  comparison: ResultComparison | undefined,
): string[] {
  if (condition === 'invalid') {
    const invalid = after.runs.filter(({ summary }) => summary.invalidSlices > 0)
    return invalid.map(({ summary }) => `${summary.invalidSlices} slices are invalid`)
  }
  return comparison === undefined ? slowerThanBaseline(after) : slowerThanBefore(comparison)
}

function slowerThanBaseline({ runs }: BenchResult): string[] {
  return runs.flatMap(({ summary, scenario }) =>
    summary.comparisons
      .filter(({ verdict, reference }) => verdict === 'slower' && reference === scenario.baseline)
      .map(({ candidate, metric }) => `${candidate} is slower in ${METRIC_TITLES[metric]}`),
  )
}

function slowerThanBefore({ runs }: ResultComparison): string[] {
  return runs.flatMap(({ changes }) =>
    changes
      .filter(({ change, isWorse }) => change !== 'unsure' && isWorse)
      .map(({ candidate, metric }) => `${candidate} became slower in ${METRIC_TITLES[metric]}`),
  )
}

function help(options: readonly string[]): string[] {
  return [
    'holdfast report FILE [OPTIONS]',
    'holdfast report BEFORE AFTER [OPTIONS]',
    '',
    'Shows a result that holdfast bench --json printed, or what changed from one to',
    'another: the ratio of each variant to its baseline after, divided by the same',
    'before.',
    '',
    'Options:',
    ...options,
    '',
    'Examples:',
    '  holdfast bench --json > before.json',
    '  holdfast report before.json --html before.html',
    '  holdfast report before.json --markdown >> pull-request.md',
    '  holdfast report before.json after.json --fail-if slower',
    "  holdfast report after.json --fail-if 'holdfast.cpuPerRequest > 0.9'",
    '',
    'Exit code: 0, or 1 if --fail-if says so, or 2 if the options or files are wrong.',
  ]
}
