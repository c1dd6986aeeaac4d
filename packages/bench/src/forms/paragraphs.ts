import type { Line } from '../cli/line.ts'

/** Joins groups of lines with an empty line between them; empty groups are left out. */
export function paragraphs(groups: readonly (readonly Line[])[]): Line[] {
  return groups
    .filter((lines) => lines.length > 0)
    .flatMap((lines, index) => (index === 0 ? lines : ['', ...lines]))
}
