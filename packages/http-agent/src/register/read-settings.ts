import { readFileSync } from 'node:fs'
import { InvalidOptionError, type PolicyOptions, resolvePolicy } from '@holdfast/core'

/** The settings in the environment for the global agents and the global dispatcher. */
export interface Settings {
  readonly policy: PolicyOptions
  /** The name under which the pools are published; `undefined` where they are not. */
  readonly publishedName: string | undefined
}

const CONFIG_KEYS: readonly string[] = ['policy']

type Fields = Readonly<Record<string, unknown>>

/** Reads `"Infinity"` as a number, which JSON lacks. No other text of a policy has this value. */
const reviveInfinity = (_key: string, value: unknown): unknown =>
  value === 'Infinity' ? Number.POSITIVE_INFINITY : value

const parse = (key: string, text: string): Fields => {
  let value: unknown
  try {
    value = JSON.parse(text, reviveInfinity)
  } catch {
    throw new InvalidOptionError(key, text, 'JSON')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new InvalidOptionError(key, value, 'an object')
  }
  return value as Fields
}

/**
 * @throws InvalidOptionError for a policy that `resolvePolicy` refuses, naming the variable or
 * file.
 */
const checkPolicy = (where: string, policy: unknown): PolicyOptions => {
  try {
    resolvePolicy(policy as PolicyOptions)
  } catch (error) {
    if (!(error instanceof InvalidOptionError)) throw error
    const key = `${where}${error.key.slice('policy'.length)}`
    throw new InvalidOptionError(key, error.value, error.allowed)
  }
  return policy as PolicyOptions
}

const readConfig = (path: string): PolicyOptions => {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new InvalidOptionError('HOLDFAST_CONFIG', path, `a file that can be read (${code})`)
  }
  const config = parse('HOLDFAST_CONFIG', text)
  const unknown = Object.keys(config).find((key) => !CONFIG_KEYS.includes(key))
  if (unknown !== undefined) {
    const allowed = `left out: known are ${CONFIG_KEYS.join(', ')}`
    throw new InvalidOptionError(`HOLDFAST_CONFIG.${unknown}`, config[unknown], allowed)
  }
  return checkPolicy('HOLDFAST_CONFIG.policy', config['policy'] ?? {})
}

/**
 * Reads the settings. A variable that is empty counts as left out. Fields of `HOLDFAST_POLICY` take the
 * place of those that the file of `HOLDFAST_CONFIG` gives.
 *
 * @throws InvalidOptionError (`ERR_HOLDFAST_INVALID_OPTION`), naming the variable or its field, the
 * value and what is allowed.
 */
export const readSettings = (environment: Readonly<NodeJS.ProcessEnv>): Settings => {
  const path = environment['HOLDFAST_CONFIG'] || undefined
  const text = environment['HOLDFAST_POLICY'] || undefined
  const publishedName = environment['HOLDFAST_PUBLISH'] || undefined
  const fromFile = path === undefined ? {} : readConfig(path)
  const fromText =
    text === undefined ? {} : checkPolicy('HOLDFAST_POLICY', parse('HOLDFAST_POLICY', text))
  return { policy: { ...fromFile, ...fromText }, publishedName }
}
