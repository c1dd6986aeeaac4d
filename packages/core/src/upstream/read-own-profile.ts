import { InvalidOptionError } from '../errors.ts'
import { checkNumber } from '../options/bounds.ts'
import type { OwnProfile } from './own-profile.ts'
import type { Fact, UpstreamProfile } from './upstream-profile.ts'

/** A check that returns the value, or throws. */
type Check<Value> = (key: string, value: unknown) => Value

const text: Check<string> = (key, value) => {
  if (typeof value === 'string' && value !== '') return value
  throw new InvalidOptionError(key, value, 'a text')
}

const number =
  (min: number, { isInteger }: { readonly isInteger: boolean }): Check<number> =>
  (key, value) =>
    checkNumber(key, value, { min, max: Number.POSITIVE_INFINITY, isInteger })

const oneOf =
  <Choice extends string>(...choices: readonly Choice[]): Check<Choice> =>
  (key, value) => {
    const choice = choices.find((one) => one === value)
    if (choice !== undefined) return choice
    throw new InvalidOptionError(
      key,
      value,
      `one of ${choices.map((one) => `'${one}'`).join(', ')}`,
    )
  }

const knownKeys = (key: string, given: object, known: readonly string[]): void => {
  for (const [name, value] of Object.entries(given)) {
    if (!known.includes(name)) {
      const allowed = `left out: known are ${known.join(', ')}`
      throw new InvalidOptionError(`${key}.${name}`, value, allowed)
    }
  }
}

const verification = oneOf('measured', 'documented', 'unverified', 'given')

const fact =
  <Value>(check: Check<Value>): Check<Fact<Value>> =>
  (key, given) => {
    if (typeof given !== 'object' || given === null) {
      return { value: check(key, given), verification: 'given', source: 'the caller' }
    }
    knownKeys(key, given, ['value', 'verification', 'source', 'note'])
    const parts = given as Readonly<Record<string, unknown>>
    const checked = {
      value: check(`${key}.value`, parts['value']),
      verification: verification(`${key}.verification`, parts['verification']),
      source: text(`${key}.source`, parts['source']),
    }
    const note = parts['note']
    return note === undefined ? checked : { ...checked, note: text(`${key}.note`, note) }
  }

const duration = fact(number(0, { isInteger: false }))
const tcpDuration = fact(number(1, { isInteger: false }))
const count = fact(number(1, { isInteger: true }))

const CHECKS: Readonly<Record<keyof OwnProfile, Check<unknown>>> = {
  name: text,
  title: text,
  kind: oneOf('server', 'proxy', 'load-balancer', 'middlebox', 'kernel', 'client'),
  role: oneOf('accepts', 'carries', 'opens'),
  versionRange: text,
  note: text,
  idleTimeoutMs: duration,
  maxRequests: count,
  maxAgeMs: duration,
  hint: fact(oneOf('never', 'always', 'on-request')),
  closes: fact(oneOf('fin', 'reset', 'silent')),
  timeWaitMs: duration,
  tcpKeepAliveDelayMs: tcpDuration,
  tcpKeepAliveIntervalMs: tcpDuration,
  tcpKeepAliveProbes: count,
}

/**
 * Checks and completes a caller's own profile.
 *
 * @param key Name of the profile in errors.
 * @throws InvalidOptionError (`ERR_HOLDFAST_INVALID_OPTION`) naming the key, value and allowed.
 */
export const readOwnProfile = (key: string, given: unknown): UpstreamProfile => {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new InvalidOptionError(key, given, 'the name of a profile, or a profile')
  }
  knownKeys(key, given, Object.keys(CHECKS))
  const fields = Object.entries(given)
    .filter(([, value]) => value !== undefined)
    .map(([field, value]) => {
      const check = CHECKS[field as keyof OwnProfile]
      return [field, check(`${key}.${field}`, value)] as const
    })
  const name = text(`${key}.name`, Object.fromEntries(fields)['name'])
  return {
    title: name,
    kind: 'server',
    role: 'accepts',
    versionRange: 'own',
    ...Object.fromEntries(fields),
    name,
  }
}
