import type { Line } from '../cli/line.ts'
import type { DataTable } from './data-table.ts'
import { textTable } from './text-table.ts'

const GAP = 2

/**
 * A table as lines of so many columns, its heads dimmed. Where it is wider it goes on below, in parts
 * that each begin with what their rows are about.
 */
export function tableLines(
  { columns: heads, rows, labels = 1 }: DataTable,
  columns: number,
): Line[] {
  const all = [heads, ...rows]
  return partsOf(all, labels, columns).flatMap((part, index): Line[] => {
    const cells = all.map((row) => [
      ...row.slice(0, labels),
      ...part.map((column) => row[column] ?? ''),
    ])
    const [head = '', ...lines] = textTable(cells)
    return [...(index === 0 ? [] : ['']), { text: head, style: 'dim' }, ...lines]
  })
}

/** Which columns stand beside each other, without the labels, which stand in every part. */
function partsOf(
  rows: readonly (readonly string[])[],
  labels: number,
  columns: number,
): number[][] {
  const widthOf = (column: number): number =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0))
  const count = Math.max(0, ...rows.map((row) => row.length))
  let label = -GAP
  for (let column = 0; column < labels; column++) label += GAP + widthOf(column)
  const parts: number[][] = [[]]
  let width = label
  for (let column = labels; column < count; column++) {
    const last = parts.at(-1) as number[]
    const needed = GAP + widthOf(column)
    if (last.length > 0 && width + needed > columns) {
      parts.push([column])
      width = label + needed
    } else {
      last.push(column)
      width += needed
    }
  }
  return parts
}
