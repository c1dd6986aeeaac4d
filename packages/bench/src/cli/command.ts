import type { OptionSpecs } from './command-line.ts'
import type { Terminal } from './terminal.ts'

/** What `holdfast NAME` does. */
export interface Command {
  /** One line for the list of commands. */
  readonly summary: string
  readonly options: OptionSpecs
  /** Resolves with the exit code. Throws a UsageError if the arguments are wrong. */
  readonly run: (args: readonly string[], terminal: Terminal) => Promise<number>
}
