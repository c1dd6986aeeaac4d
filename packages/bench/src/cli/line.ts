/** How a line looks where there are colours. */
export type Style = 'plain' | 'bold' | 'dim' | 'green' | 'red' | 'yellow'

/** A line with a look of its own. */
export interface StyledLine {
  readonly text: string
  readonly style: Style
}

/** One line for people. It may hold what a server or a file said: whoever prints it makes it safe. */
export type Line = string | StyledLine

/** The text of a line, without its look. */
export const textOf = (line: Line): string => (typeof line === 'string' ? line : line.text)
