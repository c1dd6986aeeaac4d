import { parseArgs } from 'node:util'

const DIGITS = /^\d+$/u

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
      readonly default: number
      /** How help shows a default that differs from run to run. */
      readonly defaultText?: string
      readonly min: number
      readonly max: number
    }
  | {
      readonly kind: 'choice'
      readonly description: string
      readonly choices: readonly string[]
      readonly default: string
    }
  /** May be given several times; all choices if never given. */
  | { readonly kind: 'choices'; readonly description: string; readonly choices: readonly string[] }

/** The options of a command by their names, without dashes. */
export type OptionSpecs = Readonly<Record<string, OptionSpec>>

type ValueOf<S extends OptionSpec> = S extends { readonly kind: 'flag' }
  ? boolean
  : S extends { readonly kind: 'integer' }
    ? number
    : S extends { readonly kind: 'choice'; readonly choices: readonly (infer C)[] }
      ? C
      : S extends { readonly kind: 'choices'; readonly choices: readonly (infer C)[] }
        ? readonly C[]
        : never

/** What the user chose, with defaults where nothing was said. */
export type OptionValues<S extends OptionSpecs> = { readonly [K in keyof S]: ValueOf<S[K]> }

/** Reads the arguments after the command's name. Throws {@link UsageError}. */
export function parseOptions<const S extends OptionSpecs>(
  specs: S,
  args: readonly string[],
): OptionValues<S> {
  const given = givenValues(specs, args)
  const entries = Object.entries(specs).map(([name, spec]) => [
    name,
    chosenValue(name, spec, given.get(name) ?? []),
  ])
  return Object.fromEntries(entries) as OptionValues<S>
}

/** The lines of help about the options. */
export function describeOptions(specs: OptionSpecs): string[] {
  const rows = Object.entries(specs).map(([name, spec]): [string, string] => [
    `  --${name}${spec.kind === 'flag' ? '' : ` ${placeholder(spec)}`}`,
    `${spec.description}${allowedNote(spec)}`,
  ])
  const width = Math.max(...rows.map(([left]) => left.length))
  return rows.map(([left, right]) => `${left.padEnd(width)}  ${right}`)
}

function givenValues(specs: OptionSpecs, args: readonly string[]): Map<string, string[]> {
  const options = Object.fromEntries(
    Object.entries(specs).map(([name, spec]) => [
      name,
      { type: spec.kind === 'flag' ? ('boolean' as const) : ('string' as const) },
    ]),
  )
  const { tokens } = parseArgs({ args: [...args], options, strict: false, tokens: true })
  const given = new Map<string, string[]>()
  for (const token of tokens) {
    if (token.kind === 'positional') throw new UsageError(`unexpected argument ${token.value}`)
    if (token.kind === 'option-terminator') continue
    // A name such as `toString` is an option only if a command says so.
    const spec = Object.hasOwn(specs, token.name) ? specs[token.name] : undefined
    if (spec === undefined) throw unknownOption(token.rawName, specs)
    if (spec.kind === 'flag' && token.value !== undefined) {
      throw new UsageError(`--${token.name} takes no value, got '${token.value}'`)
    }
    given.set(token.name, [...(given.get(token.name) ?? []), token.value ?? ''])
  }
  return given
}

function unknownOption(rawName: string, specs: OptionSpecs): UsageError {
  const allowed = Object.keys(specs).map((name) => `--${name}`)
  return new UsageError(`unknown option ${rawName}; allowed: ${allowed.join(', ')}`)
}

function chosenValue(name: string, spec: OptionSpec, given: readonly string[]): unknown {
  // Said twice, the last word counts.
  const last = given.at(-1)
  switch (spec.kind) {
    case 'flag':
      return last !== undefined
    case 'integer':
      return last === undefined ? spec.default : integerOf(name, spec, last)
    case 'choice':
      return last === undefined ? spec.default : choiceOf(name, spec, last)
    case 'choices':
      return given.length === 0 ? spec.choices : given.map((text) => choiceOf(name, spec, text))
    default:
      return spec satisfies never
  }
}

function integerOf(name: string, { min, max }: { min: number; max: number }, text: string): number {
  const value = DIGITS.test(text) ? Number(text) : Number.NaN
  if (value >= min && value <= max) return value
  throw new UsageError(`--${name} must be a whole number from ${min} to ${max}, got '${text}'`)
}

function choiceOf(name: string, { choices }: { choices: readonly string[] }, text: string): string {
  if (choices.includes(text)) return text
  throw new UsageError(`--${name} must be one of ${choices.join(', ')}, got '${text}'`)
}

function placeholder(spec: OptionSpec): string {
  return spec.kind === 'integer' ? 'N' : 'NAME'
}

function allowedNote(spec: OptionSpec): string {
  switch (spec.kind) {
    case 'flag':
      return ''
    case 'integer':
      return ` (${spec.min} to ${spec.max}, default ${spec.defaultText ?? spec.default})`
    case 'choice':
      return ` (${spec.choices.join(', ')}; default ${spec.default})`
    case 'choices':
      return ` (${spec.choices.join(', ')}; default all)`
    default:
      return spec satisfies never
  }
}
