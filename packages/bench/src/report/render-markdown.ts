import type { BenchResult } from '../bench/bench-result.ts'
import { escapeMarkdown, markdownCode, markdownList, markdownTable } from '../forms/markdown.ts'
import { recommendationLines } from '../forms/recommendation.ts'
import { describeCircumstances, describeMethod, describeRemarks } from './describe-method.ts'
import { renderRace, renderVerdict } from './render-verdict.ts'
import { countsTable, timesTable } from './summary-tables.ts'

const MAX_REMARKS = 5

/** Result as Markdown, for a pull request: the verdict, two tables, and the small print. */
export function renderMarkdown(result: BenchResult): string {
  const parts = [
    ...result.runs.flatMap((run) => [
      ...[renderVerdict(run), ...[renderRace(run) ?? []].flat()].map(
        (verdict) => `**${escapeMarkdown(verdict)}**`,
      ),
      markdownList(recommendationLines(run.summary.recommendation)),
      markdownCode(run.summary.recommendation?.code ?? ''),
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
