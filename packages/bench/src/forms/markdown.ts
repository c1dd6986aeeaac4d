import type { DataTable } from './data-table.ts'

/** Table with its first column aligned to the left and all others to the right. */
export function markdownTable({ columns, rows }: DataTable): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(escapeMarkdown).join(' | ')} |`
  const ruler = `|${columns.map((_, column) => (column === 0 ? '---' : '---:')).join('|')}|`
  return [line(columns), ruler, ...rows.map(line)].join('\n')
}

/** Block of JavaScript. */
export function markdownCode(code: string): string {
  return code === '' ? '' : `\`\`\`js\n${code.replaceAll('`', '')}\n\`\`\``
}

export function markdownList(lines: readonly string[]): string {
  return lines.map((line) => `- ${escapeMarkdown(line)}`).join('\n')
}

/** Escapes a text, in which no name of a user's may become markup. */
export function escapeMarkdown(text: string): string {
  return text.replaceAll(/[\\`*_{}[\]<>|#~]/gu, String.raw`\$&`).replaceAll('\n', ' ')
}
