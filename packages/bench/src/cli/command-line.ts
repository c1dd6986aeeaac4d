import { parseArgs } from 'node:util'
import { didYouMean } from './nearest.ts'
import { defaultOf, type Option, type Options, type OptionValues, readOption } from './option.ts'
import { UsageError } from './usage-error.ts'

/** Arguments of a command, read. */
export interface Arguments<T extends Options> {
  readonly options: OptionValues<T>
  /** Arguments that are no options, in order. */
  readonly operands: readonly string[]
}

/**
 * Reads the arguments of a command that takes options alone.
 *
 * @throws UsageError for arguments that its table does not allow
 */
export function parseOptions<const T extends Options>(
  table: T,
  args: readonly string[],
): OptionValues<T> {
  const { options, operands } = parseArguments(table, args)
  if (operands[0] !== undefined) throw new UsageError(`unexpected argument ${operands[0]}`)
  return options
}

/**
 * Reads the arguments of a command that takes operands, too.
 *
 * @throws UsageError for options that its table does not allow
 */
export function parseArguments<const T extends Options>(
  table: T,
  args: readonly string[],
): Arguments<T> {
  const { values, operands } = givenValues(table, args)
  const entries = Object.entries(table).map(([name, option]) => [
    name,
    chosenValue(name, option, values.get(name) ?? []),
  ])
  return { options: Object.fromEntries(entries) as OptionValues<T>, operands }
}

interface Given {
  readonly values: ReadonlyMap<string, readonly string[]>
  readonly operands: readonly string[]
}

function givenValues(table: Options, args: readonly string[]): Given {
  const options = Object.fromEntries(
    Object.entries(table).map(([name, option]) => [
      name,
      { type: option.kind === 'flag' ? ('boolean' as const) : ('string' as const) },
    ]),
  )
  const { tokens } = parseArgs({ args: [...args], options, strict: false, tokens: true })
  const values = new Map<string, readonly string[]>()
  const operands: string[] = []
  for (const token of tokens) {
    if (token.kind === 'positional') operands.push(token.value)
    if (token.kind !== 'option') continue
    const name = optionName(token.rawName, token.name, table)
    if (table[name]?.kind === 'flag' && token.value !== undefined) {
      throw new UsageError(`--${name} takes no value, got '${token.value}'`)
    }
    values.set(name, [...(values.get(name) ?? []), token.value ?? ''])
  }
  return { values, operands }
}

/**
 * Name of a given option; `-h` asks for help. Names such as `toString` count only if a command has
 * them.
 */
function optionName(rawName: string, name: string, table: Options): string {
  const known = rawName === '-h' ? 'help' : name
  if (Object.hasOwn(table, known)) return known
  throw unknownOption(rawName, table)
}

function unknownOption(rawName: string, table: Options): UsageError {
  const known = Object.keys(table).map((name) => `--${name}`)
  const hint = didYouMean(rawName, known)
  return new UsageError(`unknown option ${rawName}${hint === '' ? '; see --help' : hint}`)
}

function chosenValue(name: string, option: Option, given: readonly string[]): unknown {
  // Of an option that is given twice, the last value counts.
  const last = given.at(-1)
  if (last === undefined) return defaultOf(option)
  if (option.kind === 'flag') return true
  return option.kind === 'texts' ? given : readOption(`--${name}`, option, last)
}
