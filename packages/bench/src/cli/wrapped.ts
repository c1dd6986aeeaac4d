/**
 * Breaks a paragraph into lines of so many columns, and indents all but the first. Words stay
 * whole.
 */
export function wrapped(text: string, columns: number, indent = ''): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= columns) {
      lines[lines.length - 1] = `${last} ${word}`
    } else lines.push(lines.length === 0 ? word : `${indent}${word}`)
  }
  return lines
}
