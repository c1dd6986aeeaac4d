import { didYouMean } from './nearest.ts'
import { defaultOf, type Options, type OptionValues, readOption } from './option.ts'
import { describedEntry, describeKeys } from './option-help.ts'
import { parseSpec, type Settings } from './spec.ts'
import { UsageError } from './usage-error.ts'

/** Tables of options by the name that a spec begins with, such as those of all workloads. */
export type NamedOptions = Readonly<
  Record<string, { readonly description: string; readonly options: Options }>
>

/** One of the names, with the values of all its options. */
export type NamedValues<T extends NamedOptions> = {
  readonly [N in keyof T]: { readonly name: N; readonly values: OptionValues<T[N]['options']> }
}[keyof T]

/**
 * Reads `name` or `name:key=value,…`.
 *
 * @param what kind of spec, such as `workload`, for the error
 * @param others alternatives to the names, for the error
 * @throws UsageError for a name, key or value that the tables do not have
 */
export function readNamedOptions<const T extends NamedOptions>(
  what: string,
  tables: T,
  text: string,
  others = '',
): NamedValues<T> {
  const { name, settings } = parseSpec(what, text)
  const table = Object.hasOwn(tables, name) ? tables[name] : undefined
  if (table === undefined) {
    const known = Object.keys(tables)
    const hint = didYouMean(name, known) || `; known: ${known.join(', ')}${others}`
    throw new UsageError(`unknown ${what} ${name}${hint}`)
  }
  const values = readSettings(`${what} ${name}`, table.options, settings)
  return { name, values } as NamedValues<T>
}

/** Lines of help about all names and their options. */
export function describeNamedOptions(tables: NamedOptions): string[] {
  return Object.entries(tables).flatMap(([name, { description, options }]) => [
    ...describedEntry(`  ${name}`, description),
    ...describeKeys(options),
  ])
}

function readSettings<const T extends Options>(
  subject: string,
  options: T,
  settings: Settings,
): OptionValues<T> {
  for (const key of Object.keys(settings)) {
    if (!Object.hasOwn(options, key)) throw unknownKey(subject, key, Object.keys(options))
  }
  const entries = Object.entries(options).map(([key, option]) => {
    const text = settings[key]
    return [
      key,
      text === undefined ? defaultOf(option) : readOption(`${subject}: ${key}`, option, text),
    ]
  })
  return Object.fromEntries(entries) as OptionValues<T>
}

function unknownKey(subject: string, key: string, known: readonly string[]): UsageError {
  const allowed = known.length === 0 ? 'it has none' : `known: ${known.join(', ')}`
  return new UsageError(
    `${subject}: unknown option ${key}${didYouMean(key, known) || `; ${allowed}`}`,
  )
}
