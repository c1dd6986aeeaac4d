import type { BenchResult } from '../bench/bench-result.ts'
import type { DataTable } from '../forms/data-table.ts'
import { textTable } from '../forms/text-table.ts'
import { describeCircumstances, describeMethod, describeRemarks } from './describe-method.ts'
import { renderVerdict } from './render-verdict.ts'
import { countsTable, timesTable } from './summary-tables.ts'

/** The table names the first few; the JSON has them all. */
const MAX_REMARKS = 5

/** The result for a reader: the verdict, what it rests on, and how it was measured. */
export function renderTable(result: BenchResult): string {
  const paragraphs = [
    ...result.runs.flatMap((run) => [
      [renderVerdict(run)],
      lines(timesTable(run)),
      lines(countsTable(run)),
      describeMethod(run),
      describeRemarks(run, 'problems', MAX_REMARKS),
      describeRemarks(run, 'warnings', MAX_REMARKS),
    ]),
    describeCircumstances(result),
  ]
  return `${paragraphs
    .filter((paragraph) => paragraph.length > 0)
    .map((paragraph) => paragraph.join('\n'))
    .join('\n\n')}\n`
}

function lines({ columns, rows }: DataTable): string[] {
  return textTable([columns, ...rows])
}
