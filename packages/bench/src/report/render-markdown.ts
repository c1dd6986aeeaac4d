import type { BenchResult } from './bench-result.ts'
import type { DataTable } from './data-table.ts'
import { describeCircumstances, describeMethod, describeRemarks } from './describe-method.ts'
import { renderVerdict } from './render-verdict.ts'
import { countsTable, timesTable } from './summary-tables.ts'

const MAX_REMARKS = 5

/** The result as Markdown, for a pull request: the verdict, two tables, and the small print. */
export function renderMarkdown(result: BenchResult): string {
  const parts = [
    ...result.runs.flatMap((run) => [
      `**${escapeMarkdown(renderVerdict(run))}**`,
      markdownTable(timesTable(run)),
      markdownTable(countsTable(run)),
      markdownList([
        ...describeRemarks(run, 'problems', MAX_REMARKS),
        ...describeRemarks(run, 'warnings', MAX_REMARKS),
      ]),
      markdownList(describeMethod(run)),
    ]),
    markdownList(describeCircumstances(result)),
  ]
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`
}

/** A table with its first column to the left and all others to the right. */
export function markdownTable({ columns, rows }: DataTable): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(escapeMarkdown).join(' | ')} |`
  const ruler = `|${columns.map((_, column) => (column === 0 ? '---' : '---:')).join('|')}|`
  return [line(columns), ruler, ...rows.map(line)].join('\n')
}

export function markdownList(lines: readonly string[]): string {
  return lines.map((line) => `- ${escapeMarkdown(line)}`).join('\n')
}

/** Names come from users: nothing in them may become markup. */
export function escapeMarkdown(text: string): string {
  return text.replaceAll(/[\\`*_{}[\]<>|#~]/gu, String.raw`\$&`).replaceAll('\n', ' ')
}
