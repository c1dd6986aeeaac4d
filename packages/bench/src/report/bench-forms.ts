import type { BenchResult } from '../bench/bench-result.ts'
import type { ResultForms } from '../forms/result-forms.ts'
import { renderHtml } from './html/render-html.ts'
import { renderMarkdown } from './render-markdown.ts'
import { renderTable } from './render-table.ts'

/** Forms of a result of `holdfast bench`. */
export function benchForms(result: BenchResult): ResultForms {
  return {
    data: result,
    text: (columns) => renderTable(result, columns),
    markdown: () => renderMarkdown(result),
    html: () => renderHtml(result),
  }
}
