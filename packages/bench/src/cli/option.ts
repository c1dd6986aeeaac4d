import { type BareUnit, formatDuration, fromMs, inMs, parseDuration } from './duration.ts'
import { UsageError } from './usage-error.ts'

const DIGITS = /^\d+$/u
const NUMBER = /^-?\d+(?:\.\d+)?$/u

interface Described {
  /** One line for help. */
  readonly description: string
}

interface Bounded extends Described {
  /** Default; without one, the value is undefined where none is given. */
  readonly default?: number
  /** Text for help in place of a default that differs from run to run. */
  readonly defaultText?: string
  readonly min: number
  readonly max: number
}

/** Option that is on or off: `--name`, or `name=false`. */
export interface FlagOption extends Described {
  readonly kind: 'flag'
  /** Default, false unless said. An option of a command cannot be switched off. */
  readonly default?: boolean
}

export interface NumberOption extends Bounded {
  readonly kind: 'integer' | 'number'
}

/**
 * Time such as `250ms`, `80s`, `5m` or `1h`. The value, its default and its bounds are in `unit`,
 * or in milliseconds without one.
 */
export interface TimeOption extends Bounded {
  readonly kind: 'time'
  /** Unit of a bare number; without one, a bare number is refused. */
  readonly unit?: BareUnit
  readonly isWhole?: boolean
}

export interface ChoiceOption extends Described {
  readonly kind: 'choice'
  readonly choices: readonly string[]
  readonly default: string
}

/** Whole numbers with commas between them. */
export interface IntegersOption extends Described {
  readonly kind: 'integers'
  readonly default: readonly number[]
  readonly min: number
  readonly max: number
}

interface Named extends Described {
  /** Name of the value in help. */
  readonly placeholder: string
  /** Names that a value may begin with; a shell completes them. */
  readonly names?: () => readonly string[]
}

/** Text that the command checks. */
export interface TextOption extends Named {
  readonly kind: 'text'
  /** Default; without one, the value is undefined where none is given. */
  readonly default?: string
}

/** Text that may be given several times, and that the command checks. */
export interface TextsOption extends Named {
  readonly kind: 'texts'
  /** Default; empty unless said. */
  readonly default?: readonly string[]
}

/** Option of a command, given as `--name value`, or of a spec, given as `name:key=value`. */
export type Option =
  | FlagOption
  | NumberOption
  | TimeOption
  | ChoiceOption
  | IntegersOption
  | TextOption
  | TextsOption

/** Table of options by their names, which parsing, help, completion and JSON Schemas follow. */
export type Options = Readonly<Record<string, Option>>

type Defaulted<O, V> = O extends { readonly default: unknown } ? V : V | undefined

type ValueOf<O extends Option> = O extends FlagOption
  ? boolean
  : O extends NumberOption | TimeOption
    ? Defaulted<O, number>
    : O extends { readonly kind: 'choice'; readonly choices: readonly (infer C)[] }
      ? C
      : O extends IntegersOption
        ? readonly number[]
        : O extends TextOption
          ? Defaulted<O, string>
          : O extends TextsOption
            ? readonly string[]
            : never

/** Values of all options of a table. */
export type OptionValues<T extends Options> = { readonly [K in keyof T]: ValueOf<T[K]> }

/** Value of an option that was not given. */
export function defaultOf(option: Option): unknown {
  if (option.kind === 'flag') return option.default ?? false
  if (option.kind === 'texts') return option.default ?? []
  return option.default
}

/**
 * Reads the value of an option.
 *
 * @param subject name of the option in the error
 * @throws UsageError for a value that the option does not allow
 */
export function readOption(subject: string, option: Option, text: string): unknown {
  const value = valueIn(option, text)
  if (value !== undefined) return value
  throw new UsageError(`${subject} must be ${allowedBy(option)}, got '${text}'`)
}

function valueIn(option: Option, text: string): unknown {
  switch (option.kind) {
    case 'flag':
      return text === 'true' || (text === 'false' ? false : undefined)
    case 'integer':
      return DIGITS.test(text) ? within(option, Number(text)) : undefined
    case 'number':
      return NUMBER.test(text) ? within(option, Number(text)) : undefined
    case 'time':
      return timeIn(option, text)
    case 'choice':
      return option.choices.includes(text) ? text : undefined
    case 'integers': {
      const numbers = text
        .split(',')
        .map((each) => (DIGITS.test(each) ? within(option, Number(each)) : undefined))
      return numbers.includes(undefined) ? undefined : numbers
    }
    case 'text':
    case 'texts':
      return text
    default:
      return option satisfies never
  }
}

function timeIn(option: TimeOption, text: string): number | undefined {
  const { unit, isWhole = false } = option
  const isBare = unit !== undefined && NUMBER.test(text)
  const ms = parseDuration(text)
  const value = isBare ? Number(text) : ms === undefined ? undefined : fromMs(ms, unit ?? 'ms')
  if (value === undefined || (isWhole && !Number.isInteger(value))) return
  return within(option, value)
}

function within({ min, max }: { min: number; max: number }, value: number): number | undefined {
  return value >= min && value <= max ? value : undefined
}

function allowedBy(option: Option): string {
  switch (option.kind) {
    case 'flag':
      return 'true or false'
    case 'integer':
      return `a whole number from ${rangeOf(option)}`
    case 'number':
      return `a number from ${rangeOf(option)}`
    case 'time': {
      const bare = option.unit === undefined ? '' : `, or a number of ${option.unit}`
      return `a time such as 250ms, 80s or 5m${bare}, from ${rangeOf(option)}${option.isWhole === true ? `, in whole ${option.unit ?? 'ms'}` : ''}`
    }
    case 'choice':
      return `one of ${option.choices.join(', ')}`
    case 'integers':
      return `whole numbers from ${rangeOf(option)} with commas between them`
    case 'text':
    case 'texts':
      return 'text'
    default:
      return option satisfies never
  }
}

/** Bounds of an option, such as `1 to 100` or `20ms to 10m`. */
export function rangeOf(option: NumberOption | TimeOption | IntegersOption): string {
  return `${shown(option, option.min)} to ${shown(option, option.max)}`
}

/** Value of an option as a user would write it. */
export function shown(option: Option, value: unknown): string {
  return option.kind === 'time'
    ? formatDuration(inMs(Number(value), option.unit ?? 'ms'))
    : String(value)
}
