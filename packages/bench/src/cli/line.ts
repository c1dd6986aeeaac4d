/** Look of a line where there are colours. */
export type Style = 'plain' | 'bold' | 'dim' | 'green' | 'red' | 'yellow'

/** Line with a look of its own. */
export interface StyledLine {
  readonly text: string
  readonly style: Style
}

/** Line for people. It may hold text of a server or a file; the printer makes it safe. */
export type Line = string | StyledLine

/** Text of a line, without its look. */
export const textOf = (line: Line): string => (typeof line === 'string' ? line : line.text)
