import { type Arguments, parseArguments } from './command-line.ts'
import type { Options } from './option.ts'
import { describeOptions } from './option-help.ts'
import type { Terminal } from './terminal.ts'
import { UsageError } from './usage-error.ts'

/** One command of `holdfast`. */
export interface Command {
  /** One line for the list of commands. */
  readonly summary: string
  readonly options: Options
  /**
   * Runs the command, and resolves with the exit code.
   *
   * @throws UsageError where the arguments are wrong
   */
  readonly run: (args: readonly string[], terminal: Terminal) => Promise<number>
}

interface CommandDefinition<T extends Options> {
  readonly summary: string
  readonly options: T
  /** Whether arguments may be other than options; false unless said. */
  readonly takesOperands?: boolean
  /** Lines of help, around those about the options. */
  readonly help: (options: readonly string[]) => readonly string[]
  readonly run: (given: Given<T>, terminal: Terminal) => number | Promise<number>
}

/** Arguments, read and as they were given. */
export interface Given<T extends Options> extends Arguments<T> {
  readonly args: readonly string[]
}

const HELP = { help: { kind: 'flag', description: 'print this help' } } as const satisfies Options

/** Makes a command of its table of options, and gives it the option `--help`. */
export function defineCommand<const T extends Options>(definition: CommandDefinition<T>): Command {
  const { summary, takesOperands = false, help, run } = definition
  const options = { ...definition.options, ...HELP }
  return {
    summary,
    options,
    run: async (args, terminal) => {
      const given = parseArguments<Options>(options, args)
      if (given.options['help'] === true) {
        terminal.out.write(`${help(describeOptions(options)).join('\n')}\n`)
        return 0
      }
      const [surplus] = given.operands
      if (!takesOperands && surplus !== undefined) {
        throw new UsageError(`unexpected argument ${surplus}`)
      }
      return await run({ ...(given as Arguments<T>), args }, terminal)
    },
  }
}
