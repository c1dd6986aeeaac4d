import type { BenchResult, Run } from '../bench/bench-result.ts'
import type { Line, Style } from '../cli/line.ts'
import { wrapped } from '../cli/wrapped.ts'
import { paragraphs } from '../forms/paragraphs.ts'
import { recommendationLines } from '../forms/recommendation.ts'
import { tableLines } from '../forms/table-lines.ts'
import { describeCircumstances, describeMethod, describeRemarks } from './describe-method.ts'
import { renderRace, renderVerdict } from './render-verdict.ts'
import { countsTable, timesTable } from './summary-tables.ts'

/** Remarks that the text shows; the JSON has them all. */
const MAX_REMARKS = 5

const INDENT = '  '

/** Result for a terminal: the verdict, the warnings, the tables, and the method. */
export function renderTable(result: BenchResult, columns: number): Line[] {
  const prose = (texts: readonly string[], style: Style = 'plain'): Line[] =>
    texts.flatMap((text) =>
      wrapped(text, columns, INDENT).map((line): Line => ({ text: line, style })),
    )
  const warnings = result.warnings.map((warning) => `warning: ${warning}`)
  const linesOf = (run: Run, index: number): Line[][] => [
    // Where settings are compared, the question is which one to take.
    prose(recommendationLines(run.summary.recommendation), 'bold'),
    run.summary.recommendation?.code.split('\n') ?? [],
    prose([renderVerdict(run), ...[renderRace(run) ?? []].flat()], 'bold'),
    prose(index === 0 ? warnings : [], 'yellow'),
    prose(describeRemarks(run, 'problems', MAX_REMARKS), 'red'),
    prose(describeRemarks(run, 'warnings', MAX_REMARKS), 'yellow'),
    tableLines(timesTable(run), columns),
    tableLines(countsTable(run), columns),
    prose(describeMethod(run)),
  ]
  return paragraphs([...result.runs.flatMap(linesOf), prose(describeCircumstances(result))])
}
