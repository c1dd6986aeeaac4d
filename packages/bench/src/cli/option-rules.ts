import { describedEntry, UsageError } from './command-line.ts'
import { type BareUnit, durationIn } from './duration.ts'
import { didYouMean } from './nearest.ts'
import type { OptionValue, Spec } from './spec.ts'

/** What one option of a spec may be. */
export type OptionRule =
  | {
      readonly kind: 'number'
      readonly description: string
      /** The unit of a time, which may also be written with another one, such as `5s`. */
      readonly unit?: BareUnit
      readonly default: number
      readonly min: number
      readonly max: number
    }
  | {
      readonly kind: 'choice'
      readonly description: string
      readonly default: string
      readonly choices: readonly string[]
    }
  | { readonly kind: 'flag'; readonly description: string; readonly default: boolean }

export type OptionRules = Readonly<Record<string, OptionRule>>

type ValueOf<R extends OptionRule> = R extends { readonly kind: 'number' }
  ? number
  : R extends { readonly kind: 'flag' }
    ? boolean
    : R extends { readonly choices: readonly (infer C)[] }
      ? C
      : never

/** All options, with defaults where nothing was said. */
export type CheckedOptions<R extends OptionRules> = { readonly [K in keyof R]: ValueOf<R[K]> }

/** Throws {@link UsageError} for an option that is unknown or not allowed. */
export function checkOptions<const R extends OptionRules>(
  what: string,
  rules: R,
  { name, options }: Spec,
): CheckedOptions<R> {
  for (const key of Object.keys(options)) {
    if (Object.hasOwn(rules, key)) continue
    const known = Object.keys(rules)
    const allowed = known.length === 0 ? 'it has none' : `known: ${known.join(', ')}`
    throw new UsageError(
      `${what} ${name}: unknown option ${key}${didYouMean(key, known) || `; ${allowed}`}`,
    )
  }
  const entries = Object.entries(rules).map(([key, rule]) => {
    const value = inItsUnit(rule, options[key] ?? rule.default)
    if (isAllowed(rule, value)) return [key, value]
    throw new UsageError(`${what} ${name}: ${key} must be ${allowedText(rule)}, got '${value}'`)
  })
  return Object.fromEntries(entries) as CheckedOptions<R>
}

/** The lines of help about the options of a spec. */
export function describeRules(rules: OptionRules): string[] {
  return Object.entries(rules).flatMap(([key, rule]) =>
    describedEntry(
      `    ${key}`,
      `${rule.description} (${allowedText(rule)}, default ${rule.default})`,
    ),
  )
}

/** Only the options that were set, for a name that says how a spec differs from its defaults. */
export function specText({ name, options }: Spec): string {
  const parts = Object.entries(options).map(([key, value]) => `${key}=${value}`)
  return parts.length === 0 ? name : `${name}:${parts.join(',')}`
}

/** A time with its unit becomes a number of the unit that the option has. */
function inItsUnit(rule: OptionRule, value: OptionValue): OptionValue {
  if (rule.kind !== 'number' || rule.unit === undefined || typeof value !== 'string') return value
  return durationIn(rule.unit, value) ?? value
}

function isAllowed(rule: OptionRule, value: OptionValue): boolean {
  switch (rule.kind) {
    case 'number':
      return typeof value === 'number' && value >= rule.min && value <= rule.max
    case 'choice':
      return rule.choices.includes(String(value))
    case 'flag':
      return typeof value === 'boolean'
    default:
      return rule satisfies never
  }
}

function allowedText(rule: OptionRule): string {
  switch (rule.kind) {
    case 'number':
      return `a number${rule.unit === undefined ? '' : ` of ${rule.unit}`} from ${rule.min} to ${rule.max}`
    case 'choice':
      return `one of ${rule.choices.join(', ')}`
    case 'flag':
      return 'true or false'
    default:
      return rule satisfies never
  }
}
