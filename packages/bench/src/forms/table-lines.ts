import type { Line } from '../cli/line.ts'
import type { DataTable } from './data-table.ts'
import { textTable } from './text-table.ts'

const GAP = 2

/**
 * Table as lines of so many columns, with dimmed heads. A wider table continues below, in parts
 * that repeat the labels.
 */
export function tableLines(
  { columns: heads, rows, labels = 1, groups = [] }: DataTable,
  columns: number,
): Line[] {
  const all = [heads, ...rows]
  const grouped = groupsOf(labels, Math.max(0, ...all.map((row) => row.length)), groups)
  return partsOf(all, labels, grouped, columns).flatMap((part, index): Line[] => {
    const cells = all.map((row) => [
      ...row.slice(0, labels),
      ...part.map((column) => row[column] ?? ''),
    ])
    const [head = '', ...lines] = textTable(cells)
    return [...(index === 0 ? [] : ['']), { text: head, style: 'dim' }, ...lines]
  })
}

/** Columns behind the labels, by group. */
function groupsOf(labels: number, count: number, sizes: readonly number[]): number[][] {
  const groups: number[][] = []
  let column = labels
  while (column < count) {
    const size = Math.min(sizes[groups.length] ?? 1, count - column)
    const first = column
    groups.push(Array.from({ length: size }, (_, index) => first + index))
    column += size
  }
  return groups
}

/** Columns of each part, without the labels, which every part repeats. */
function partsOf(
  rows: readonly (readonly string[])[],
  labels: number,
  groups: readonly (readonly number[])[],
  columns: number,
): number[][] {
  const widthOf = (column: number): number =>
    GAP + Math.max(...rows.map((row) => row[column]?.length ?? 0))
  const label = sum(Array.from({ length: labels }, (_, column) => widthOf(column))) - GAP
  const parts: number[][] = [[]]
  let width = label
  for (const group of groups) {
    const last = parts.at(-1) as number[]
    const needed = sum(group.map(widthOf))
    if (last.length > 0 && width + needed > columns) {
      parts.push([...group])
      width = label + needed
    } else {
      last.push(...group)
      width += needed
    }
  }
  return parts
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
