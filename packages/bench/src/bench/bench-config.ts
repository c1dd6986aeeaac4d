import { readFileSync } from 'node:fs'
import type { Options } from '../cli/option.ts'
import { UsageError } from '../cli/usage-error.ts'
import { BENCH_OPTIONS } from './bench-options.ts'

/** Keys that a file may have beside the options. */
const OTHER_KEYS = new Set(['$schema'])

/** Options that belong to a command line alone. */
export const NOT_IN_FILES: readonly string[] = ['config', 'help']

/**
 * Arguments with the options of a config file before them; those of the command line come later and
 * so win. `bench-config.schema.json` describes the file.
 *
 * @throws UsageError for a file that cannot be read or is not an object of options
 */
export function withConfig(args: readonly string[], file: string | undefined): readonly string[] {
  if (file === undefined) return args
  const config = readConfig(file)
  const fromFile = Object.entries(config).flatMap(([key, value]) => {
    if (OTHER_KEYS.has(key)) return []
    if (NOT_IN_FILES.includes(key)) throw new UsageError(`${file}: ${key} cannot be set in a file`)
    return argumentsFor(file, key, value)
  })
  return [...fromFile, ...args]
}

function readConfig(file: string): Record<string, unknown> {
  let parsed: unknown
  try {
    parsed = JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new UsageError(`--config ${file}: ${error instanceof Error ? error.message : error}`)
  }
  if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) {
    return parsed as Record<string, unknown>
  }
  throw new UsageError(`--config ${file}: expected an object of options`)
}

/** Arguments for one key of a file. An option that may be repeated takes one value or a list. */
function argumentsFor(file: string, key: string, value: unknown): string[] {
  if (value === false) return []
  if (value === true) return [`--${key}`]
  const options: Options = BENCH_OPTIONS
  const isOneValue = Object.hasOwn(options, key) && options[key]?.kind === 'integers'
  if (isOneValue && Array.isArray(value)) return [`--${key}=${value.join(',')}`]
  const values: readonly unknown[] = Array.isArray(value) ? value : [value]
  return values.map((each) => {
    if (typeof each === 'number' || typeof each === 'string') return `--${key}=${each}`
    throw new UsageError(`${file}: ${key} must be text, a number, true, false or a list of these`)
  })
}
