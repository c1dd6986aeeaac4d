import { parseArgs } from 'node:util'
import { type BareUnit, durationIn, formatDuration, parseDuration } from './duration.ts'
import { didYouMean } from './nearest.ts'
import { wrapped } from './wrapped.ts'

const DIGITS = /^\d+$/u

/** Where descriptions begin in help. */
const HELP_INDENT = 24

/** A mistake of the user, told in one line; the exit code is 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** One option of a command. */
export type OptionSpec =
  | { readonly kind: 'flag'; readonly description: string }
  | {
      readonly kind: 'integer'
      readonly description: string
      /** Without one, the value is undefined where nothing was said. */
      readonly default?: number
      /** How help shows a default that differs from run to run. */
      readonly defaultText?: string
      /** The unit of a time, which may also be written with another one, such as `5s`. */
      readonly unit?: BareUnit
      readonly min: number
      readonly max: number
    }
  /** A number with its unit, such as `250ms`, `80s`, `5m` or `1h`; in milliseconds. */
  | {
      readonly kind: 'duration'
      readonly description: string
      readonly default: number
      readonly min: number
      readonly max: number
    }
  | {
      readonly kind: 'choice'
      readonly description: string
      readonly choices: readonly string[]
      readonly default: string
    }
  /** Whole numbers with commas between them. */
  | {
      readonly kind: 'integers'
      readonly description: string
      readonly default: readonly number[]
      readonly min: number
      readonly max: number
    }
  /** Checked by the command; undefined where nothing was said. */
  | { readonly kind: 'text'; readonly description: string; readonly placeholder: string }
  /** May be given several times; checked by the command. */
  | { readonly kind: 'texts'; readonly description: string; readonly placeholder: string }

/** The options of a command by their names, without dashes. */
export type OptionSpecs = Readonly<Record<string, OptionSpec>>

type ValueOf<S extends OptionSpec> = S extends { readonly kind: 'flag' }
  ? boolean
  : S extends { readonly kind: 'integer' | 'duration'; readonly default: number }
    ? number
    : S extends { readonly kind: 'integer' }
      ? number | undefined
      : S extends { readonly kind: 'choice'; readonly choices: readonly (infer C)[] }
        ? C
        : S extends { readonly kind: 'integers' }
          ? readonly number[]
          : S extends { readonly kind: 'text' }
            ? string | undefined
            : S extends { readonly kind: 'texts' }
              ? readonly string[]
              : never

/** What the user chose, with defaults where nothing was said. */
export type OptionValues<S extends OptionSpecs> = { readonly [K in keyof S]: ValueOf<S[K]> }

/** What stands on a command line after the command's name. */
export interface Arguments<S extends OptionSpecs> {
  readonly options: OptionValues<S>
  /** What is no option, in order. */
  readonly operands: readonly string[]
}

/** Reads the arguments of a command that takes options alone. Throws {@link UsageError}. */
export function parseOptions<const S extends OptionSpecs>(
  specs: S,
  args: readonly string[],
): OptionValues<S> {
  const { options, operands } = parseArguments(specs, args)
  if (operands[0] !== undefined) throw new UsageError(`unexpected argument ${operands[0]}`)
  return options
}

/** Reads the arguments of a command that takes operands, too. Throws {@link UsageError}. */
export function parseArguments<const S extends OptionSpecs>(
  specs: S,
  args: readonly string[],
): Arguments<S> {
  const { values, operands } = givenValues(specs, args)
  const entries = Object.entries(specs).map(([name, spec]) => [
    name,
    chosenValue(name, spec, values.get(name) ?? []),
  ])
  return { options: Object.fromEntries(entries) as OptionValues<S>, operands }
}

/** The lines of help about the options, for a terminal of so many columns. */
export function describeOptions(specs: OptionSpecs, columns = 80): string[] {
  return Object.entries(specs).flatMap(([name, spec]) => {
    const option = `  --${name}${spec.kind === 'flag' ? '' : ` ${placeholder(spec)}`}`
    return describedEntry(option, `${spec.description}${allowedNote(spec)}`, columns)
  })
}

/** A name and what it means beside it, or below where the name is long. */
export function describedEntry(name: string, description: string, columns = 80): string[] {
  const blank = ' '.repeat(HELP_INDENT)
  const lines = wrapped(description, columns - HELP_INDENT)
  const [first = '', ...more] = lines
  if (name.length > HELP_INDENT - 2) return [name, ...lines.map((line) => `${blank}${line}`)]
  return [`${name.padEnd(HELP_INDENT)}${first}`, ...more.map((line) => `${blank}${line}`)]
}

interface Given {
  readonly values: ReadonlyMap<string, readonly string[]>
  readonly operands: readonly string[]
}

function givenValues(specs: OptionSpecs, args: readonly string[]): Given {
  const options = Object.fromEntries(
    Object.entries(specs).map(([name, spec]) => [
      name,
      { type: spec.kind === 'flag' ? ('boolean' as const) : ('string' as const) },
    ]),
  )
  const { tokens } = parseArgs({ args: [...args], options, strict: false, tokens: true })
  const values = new Map<string, readonly string[]>()
  const operands: string[] = []
  for (const token of tokens) {
    if (token.kind === 'positional') operands.push(token.value)
    if (token.kind !== 'option') continue
    const name = optionName(token.rawName, token.name, specs)
    if (specs[name]?.kind === 'flag' && token.value !== undefined) {
      throw new UsageError(`--${name} takes no value, got '${token.value}'`)
    }
    values.set(name, [...(values.get(name) ?? []), token.value ?? ''])
  }
  return { values, operands }
}

/** A name such as `toString` is an option only if a command says so; `-h` asks for help. */
function optionName(rawName: string, name: string, specs: OptionSpecs): string {
  const known = rawName === '-h' ? 'help' : name
  if (Object.hasOwn(specs, known)) return known
  throw unknownOption(rawName, specs)
}

function unknownOption(rawName: string, specs: OptionSpecs): UsageError {
  const known = Object.keys(specs).map((name) => `--${name}`)
  const hint = didYouMean(rawName, known)
  return new UsageError(`unknown option ${rawName}${hint === '' ? '; see --help' : hint}`)
}

function chosenValue(name: string, spec: OptionSpec, given: readonly string[]): unknown {
  // Said twice, the last word counts.
  const last = given.at(-1)
  switch (spec.kind) {
    case 'flag':
      return last !== undefined
    case 'integer':
      return last === undefined ? spec.default : integerOf(name, spec, last)
    case 'duration':
      return last === undefined ? spec.default : durationOf(name, spec, last)
    case 'choice':
      return last === undefined ? spec.default : choiceOf(name, spec, last)
    case 'integers':
      return last === undefined
        ? spec.default
        : last.split(',').map((text) => integerOf(name, spec, text))
    case 'text':
      return last
    case 'texts':
      return given
    default:
      return spec satisfies never
  }
}

interface Range {
  readonly min: number
  readonly max: number
  readonly unit?: BareUnit
}

function integerOf(name: string, { min, max, unit }: Range, text: string): number {
  const value = DIGITS.test(text) ? Number(text) : ((unit && durationIn(unit, text)) ?? Number.NaN)
  if (Number.isInteger(value) && value >= min && value <= max) return value
  const time = unit === undefined ? '' : ', or a time such as 5s or 300ms'
  throw new UsageError(
    `--${name} must be a whole number${unit === undefined ? '' : ` of ${unit}`} from ${min} to ${max}${time}, got '${text}'`,
  )
}

function durationOf(name: string, { min, max }: Range, text: string): number {
  const value = parseDuration(text) ?? Number.NaN
  if (value >= min && value <= max) return value
  const allowed = `from ${formatDuration(min)} to ${formatDuration(max)}`
  throw new UsageError(
    `--${name} must be a time such as 250ms, 80s or 5m, ${allowed}, got '${text}'`,
  )
}

function choiceOf(name: string, { choices }: { choices: readonly string[] }, text: string): string {
  if (choices.includes(text)) return text
  throw new UsageError(`--${name} must be one of ${choices.join(', ')}, got '${text}'`)
}

function placeholder(spec: OptionSpec): string {
  switch (spec.kind) {
    case 'integer':
      return spec.unit === undefined ? 'N' : 'TIME'
    case 'duration':
      return 'TIME'
    case 'integers':
      return 'N,…'
    case 'text':
    case 'texts':
      return spec.placeholder
    default:
      return 'NAME'
  }
}

function allowedNote(spec: OptionSpec): string {
  switch (spec.kind) {
    case 'flag':
    case 'text':
      return ''
    case 'texts':
      return ' (may be repeated)'
    case 'integers':
      return ` (${spec.min} to ${spec.max}, default ${spec.default.join(',')})`
    case 'integer': {
      const byDefault =
        spec.default === undefined ? '' : `, default ${spec.defaultText ?? spec.default}`
      const unit = spec.unit ?? ''
      return ` (${spec.min}${unit} to ${spec.max}${unit}${byDefault}${byDefault === '' ? '' : unit})`
    }
    case 'duration': {
      const [min, max, byDefault] = [spec.min, spec.max, spec.default].map(formatDuration)
      return ` (${min} to ${max}, default ${byDefault})`
    }
    case 'choice':
      return ` (${spec.choices.join(', ')}; default ${spec.default})`
    default:
      return spec satisfies never
  }
}
