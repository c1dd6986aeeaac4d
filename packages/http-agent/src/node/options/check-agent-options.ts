import {
  type Bounds,
  checkNumber,
  FOREIGN_NAMES,
  InvalidOptionError,
  POLICY_FIELDS,
  unknownOption,
} from '@holdfast/core'
import { NODE_OPTION_NAMES } from './node-option-names.ts'

const KNOWN: readonly string[] = ['policy', ...NODE_OPTION_NAMES]

/** Options of ours, by the names that other libraries have for them. */
const INSTEAD: Readonly<Record<string, string>> = {
  ...FOREIGN_NAMES,
  ...Object.fromEntries(POLICY_FIELDS.map((field) => [field, `policy.${field}`])),
  connections: 'maxSockets',
  maxTotalConnections: 'maxTotalSockets',
  maxIdleConnections: 'maxFreeSockets',
}

const count: Bounds = { min: 0, max: Number.POSITIVE_INFINITY, isInteger: false }
const delay: Bounds = { min: 0, max: Number.POSITIVE_INFINITY, isInteger: false }

/** Options whose wrong values Node takes in silence, or for something else. Others it refuses itself. */
const NUMBERS: Readonly<Record<string, Bounds>> = {
  maxSockets: count,
  maxFreeSockets: count,
  maxCachedSessions: count,
  keepAliveMsecs: delay,
  timeout: delay,
}

const FLAGS: ReadonlySet<string> = new Set(['keepAlive', 'noDelay'])

/**
 * Checks the options of an agent, without changing them: those of Node are passed on, and refused where
 * Node would misunderstand them in silence. One that is `undefined` or `null` counts as left out, as
 * with Node; symbols, and names that begin with `_`, are nobody's affair but Node's.
 *
 * @throws InvalidOptionError (`ERR_HOLDFAST_INVALID_OPTION`), naming the key, the value and what is
 * allowed.
 */
export const checkAgentOptions = (options: unknown): void => {
  if (options === undefined || options === null) return
  if (typeof options !== 'object' || Array.isArray(options)) {
    throw new InvalidOptionError('options', options, 'an object')
  }
  for (const [key, value] of Object.entries(options)) {
    if (value !== undefined && value !== null) checkOption(key, value)
  }
}

const checkOption = (key: string, value: unknown): void => {
  const bounds = NUMBERS[key]
  if (bounds !== undefined) {
    checkNumber(key, value, bounds)
  } else if (FLAGS.has(key)) {
    if (typeof value !== 'boolean') throw new InvalidOptionError(key, value, 'true or false')
  } else if (!(key === 'policy' || NODE_OPTION_NAMES.has(key) || key.startsWith('_'))) {
    throw unknownOption(key, value, { names: KNOWN, instead: INSTEAD })
  }
}
