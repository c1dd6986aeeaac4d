import { checkNumber } from '../bounds.ts'
import { InvalidOptionError } from '../errors.ts'
import { CHOICES, describeChoices, FLAGS, LIMITS, type Limit } from './limits.ts'
import type { PolicyOptions } from './policy-options.ts'

/** A complete, frozen policy. */
export type ResolvedPolicy = Readonly<Required<PolicyOptions>>

const resolveNumber = (key: string, value: unknown, limit: Limit): number =>
  value === undefined ? limit.default : checkNumber(`policy.${key}`, value, limit)

const resolveChoice = (key: string, value: unknown, values: readonly string[]): string => {
  if (value === undefined) return values[0] as string
  if (typeof value !== 'string' || !values.includes(value)) {
    throw new InvalidOptionError(`policy.${key}`, value, describeChoices(values))
  }
  return value
}

const resolveFlag = (key: string, value: unknown, fallback: boolean): boolean => {
  if (value === undefined) return fallback
  if (typeof value !== 'boolean') {
    throw new InvalidOptionError(`policy.${key}`, value, 'true or false')
  }
  return value
}

const FIELDS: readonly string[] = [
  ...Object.keys(LIMITS),
  ...Object.keys(FLAGS),
  ...Object.keys(CHOICES),
]

/**
 * Checks the input and fills in the defaults, without changing the input. A field that is
 * `undefined` counts as left out.
 *
 * @throws InvalidOptionError (`ERR_HOLDFAST_INVALID_OPTION`) for an unknown key, a wrong type or a
 * value out of range, naming all three.
 */
export const resolvePolicy = (input: PolicyOptions = {}): ResolvedPolicy => {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw new InvalidOptionError('policy', input, 'an object')
  }
  const given = input as Readonly<Record<string, unknown>>
  for (const key of Object.keys(given)) {
    if (!FIELDS.includes(key)) {
      throw new InvalidOptionError(
        `policy.${key}`,
        given[key],
        `left out: known are ${FIELDS.join(', ')}`,
      )
    }
  }
  const policy: Record<string, number | boolean | string> = {}
  for (const [key, limit] of Object.entries(LIMITS)) {
    policy[key] = resolveNumber(key, given[key], limit)
  }
  for (const [key, flag] of Object.entries(FLAGS)) {
    policy[key] = resolveFlag(key, given[key], flag.default)
  }
  for (const [key, { values }] of Object.entries(CHOICES)) {
    policy[key] = resolveChoice(key, given[key], values)
  }
  return Object.freeze(policy) as unknown as ResolvedPolicy
}
