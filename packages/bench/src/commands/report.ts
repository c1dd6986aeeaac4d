import { describeOptions, type OptionSpecs, parseArguments, UsageError } from '../command-line.ts'
import { benchForms } from '../report/bench-forms.ts'
import type { BenchResult } from '../report/bench-result.ts'
import { compareResults, type ResultComparison } from '../report/compare-results.ts'
import { renderComparisonHtml } from '../report/html/render-comparison-html.ts'
import { readResult } from '../report/read-result.ts'
import { renderComparison, renderComparisonMarkdown } from '../report/render-comparison.ts'
import { checkForms, type ResultForms, writeForms } from '../report/result-forms.ts'
import type { Command } from './command.ts'

const CONDITIONS = ['never', 'invalid', 'slower'] as const

const OPTIONS = {
  json: { kind: 'flag', description: 'print the result, or what changed, as JSON' },
  markdown: { kind: 'flag', description: 'print it as Markdown, for a pull request' },
  html: {
    kind: 'text',
    description: 'also write it as one HTML file with charts, for a browser',
    placeholder: 'FILE',
  },
  'fail-if': {
    kind: 'choice',
    description:
      'exit with 1 if a slice is invalid, or also if a variant is slower than its baseline or, of two results, than it was',
    choices: CONDITIONS,
    default: 'never',
  },
  help: { kind: 'flag', description: 'print this help' },
} as const satisfies OptionSpecs

export const report: Command = {
  summary: 'a result of bench in another form, or two of them compared',
  run: (args, { out }) => {
    const { options, operands } = parseArguments(OPTIONS, args)
    if (options.help) {
      out.write(help())
      return Promise.resolve(0)
    }
    checkForms(options)
    const [first, second, ...others] = operands
    if (first === undefined || others.length > 0) {
      throw new UsageError(`expected one or two files of results, got ${operands.length}`)
    }
    const before = readResult(first)
    if (second === undefined) {
      writeForms(benchForms(before), options, out)
      return Promise.resolve(failsAlone(before, options['fail-if']) ? 1 : 0)
    }
    const after = readResult(second)
    const comparison = compareResults(before, after)
    writeForms(comparisonForms(comparison, before, after), options, out)
    return Promise.resolve(failsCompared(comparison, after, options['fail-if']) ? 1 : 0)
  },
}

function comparisonForms(
  comparison: ResultComparison,
  before: BenchResult,
  after: BenchResult,
): ResultForms {
  return {
    data: comparisonData(comparison),
    text: () => renderComparison(comparison),
    markdown: () => renderComparisonMarkdown(comparison),
    html: () => renderComparisonHtml(comparison, before, after),
  }
}

/** Without the runs, which stand in the results. */
function comparisonData({ runs, differences, unmatched }: ResultComparison): object {
  return {
    schema: 'holdfast.comparison/1',
    runs: runs.map(({ after, changes }) => ({ scenario: after.scenario, changes })),
    differences,
    unmatched,
  }
}

type Condition = (typeof CONDITIONS)[number]

function isInvalid({ runs }: BenchResult): boolean {
  return runs.some(({ summary }) => summary.invalidSlices > 0)
}

function failsAlone(result: BenchResult, condition: Condition): boolean {
  if (condition === 'never') return false
  const isSlower = result.runs.some(({ summary, scenario }) =>
    summary.comparisons.some(
      ({ verdict, reference }) => verdict === 'slower' && reference === scenario.baseline,
    ),
  )
  return isInvalid(result) || (condition === 'slower' && isSlower)
}

/** More CPU, or fewer requests per second, than before. */
function failsCompared(
  { runs }: ResultComparison,
  after: BenchResult,
  condition: Condition,
): boolean {
  if (condition === 'never') return false
  const isSlower = runs.some(({ changes }) =>
    changes.some(({ change, isWorse }) => change !== 'unsure' && isWorse),
  )
  return isInvalid(after) || (condition === 'slower' && isSlower)
}

function help(): string {
  return `${[
    'holdfast report FILE [OPTIONS]',
    'holdfast report BEFORE AFTER [OPTIONS]',
    '',
    'Shows a result that holdfast bench --json printed, or what changed from one to another: the',
    'ratio of each variant to its baseline after, divided by the same before.',
    '',
    'Options:',
    ...describeOptions(OPTIONS),
    '',
    'Examples:',
    '  holdfast bench --json > before.json',
    '  holdfast report before.json --html before.html',
    '  holdfast report before.json --markdown >> pull-request.md',
    '  holdfast report before.json after.json --fail-if slower',
    '',
    'Exit code: 0, or 1 if --fail-if says so, or 2 if the options or files are wrong.',
  ].join('\n')}\n`
}
