import type { AddressRules } from '../addresses/address-rules.ts'
import { InvalidOptionError } from '../errors.ts'
import { checkNumber } from '../options/bounds.ts'
import { refuseUnknownOptions } from '../options/unknown-option.ts'
import type { TcpKeepAlive } from '../tcp/tcp-keep-alive.ts'
import { FOREIGN_NAMES } from './foreign-names.ts'
import {
  CHOICES,
  type ChoiceField,
  describeChoices,
  describeGroup,
  FLAGS,
  GROUPS,
  type Group,
  type GroupField,
  LIMITS,
  type Limit,
} from './limits.ts'
import type { PolicyOptions } from './policy-options.ts'

/** A complete, frozen policy. */
export type ResolvedPolicy = Readonly<
  Required<Omit<PolicyOptions, GroupField>> & {
    readonly tcpKeepAlive: TcpKeepAlive | false
    readonly addresses: AddressRules | false
  }
>

const resolveNumber = (key: string, value: unknown, limit: Limit): number =>
  value === undefined ? limit.default : checkNumber(`policy.${key}`, value, limit)

const resolveChoice = (
  key: string,
  value: unknown,
  values: readonly string[],
  fallback = values[0],
): string => {
  if (value === undefined) return fallback as string
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

type GivenFields = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is GivenFields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const resolveGroup = (
  key: string,
  value: unknown,
  group: Group,
): Readonly<Record<string, number | boolean>> | false => {
  if (value === false) return false
  const given = value ?? {}
  if (value === null || !isObject(given)) {
    throw new InvalidOptionError(`policy.${key}`, value, describeGroup(group))
  }
  const { flags, limits } = group
  const names = [...Object.keys(limits), ...Object.keys(flags)]
  refuseUnknownOptions(given, { names, prefix: `policy.${key}.` })
  const numbers = Object.entries(limits).map(([name, limit]) => [
    name,
    given[name] === undefined
      ? limit.default
      : checkNumber(`policy.${key}.${name}`, given[name], limit),
  ])
  const switches = Object.entries(flags).map(([name, fallback]) => [
    name,
    resolveFlag(`${key}.${name}`, given[name], fallback),
  ])
  return Object.freeze(Object.fromEntries([...numbers, ...switches]))
}

/** The names of all fields. */
export const POLICY_FIELDS: readonly string[] = [
  ...Object.keys(LIMITS),
  ...Object.keys(FLAGS),
  ...Object.keys(CHOICES),
  ...Object.keys(GROUPS),
]

/**
 * Checks the input and fills in the defaults, without changing the input. A field that is
 * `undefined` counts as left out.
 *
 * @param defaults Values that take the place of the table's defaults; they are not checked.
 * @throws InvalidOptionError (`ERR_HOLDFAST_INVALID_OPTION`) for an unknown key, a wrong type or a
 * value out of range, naming all three.
 */
export const resolvePolicy = (
  input: PolicyOptions = {},
  defaults: Pick<PolicyOptions, ChoiceField> = {},
): ResolvedPolicy => {
  if (!isObject(input)) throw new InvalidOptionError('policy', input, 'an object')
  const given: GivenFields = input
  refuseUnknownOptions(given, { names: POLICY_FIELDS, instead: FOREIGN_NAMES, prefix: 'policy.' })
  const policy: Record<string, unknown> = {}
  for (const [key, limit] of Object.entries(LIMITS)) {
    policy[key] = resolveNumber(key, given[key], limit)
  }
  for (const [key, flag] of Object.entries(FLAGS)) {
    policy[key] = resolveFlag(key, given[key], flag.default)
  }
  for (const [key, { values }] of Object.entries(CHOICES)) {
    policy[key] = resolveChoice(key, given[key], values, defaults[key as ChoiceField])
  }
  for (const [key, group] of Object.entries(GROUPS)) {
    policy[key] = resolveGroup(key, given[key], group)
  }
  return Object.freeze(policy) as unknown as ResolvedPolicy
}
