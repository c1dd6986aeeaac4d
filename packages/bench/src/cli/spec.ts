import { parseDuration } from './duration.ts'
import { UsageError } from './usage-error.ts'

/** Settings as they were written: `key=value,key=value`. */
export type Settings = Readonly<Record<string, string>>

/** Name with settings, written `name:key=value,key=value`. */
export interface Spec {
  readonly name: string
  readonly settings: Settings
}

/** Value of a setting that no table describes. */
export type LooseValue = number | boolean | string

export type LooseValues = Readonly<Record<string, LooseValue>>

/** A colon that is followed by a slash or a digit belongs to a URL. */
const SETTINGS_START = /:(?![/\d])/u
const NUMBER = /^-?\d+(?:\.\d+)?$/u

/**
 * Reads a spec. A colon that is followed by a slash or a digit belongs to a URL, and so to the name.
 *
 * @param what kind of spec, such as `variant`, for the error
 * @throws UsageError for settings that are not written `key=value`
 */
export function parseSpec(what: string, text: string): Spec {
  const colon = SETTINGS_START.exec(text)?.index
  if (colon === undefined) return { name: text, settings: {} }
  const settings = parseSettings(`${what} '${text}'`, text.slice(colon + 1))
  return { name: text.slice(0, colon), settings }
}

/**
 * Reads `key=value,key=value`.
 *
 * @param subject owner of the settings, for the error
 * @throws UsageError for settings that are not written so
 */
export function parseSettings(subject: string, list: string): Settings {
  const entries = list.split(',').map((part): [string, string] => {
    const equals = part.indexOf('=')
    if (equals < 1) throw new UsageError(`${subject}: expected key=value, got '${part}'`)
    return [part.slice(0, equals), part.slice(equals + 1)]
  })
  return Object.fromEntries(entries)
}

/** Values of settings that no table describes. */
export function looseValues(settings: Settings): LooseValues {
  return Object.fromEntries(
    Object.entries(settings).map(([key, text]) => [key, looseValue(key, text)]),
  )
}

/**
 * Value of a setting that no table describes. `true`, `false`, `Infinity` and numbers are read as
 * such; a time with its unit is in milliseconds where the key ends in `Ms`; all else is text.
 */
export function looseValue(key: string, text: string): LooseValue {
  if (text === 'true' || text === 'false') return text === 'true'
  if (NUMBER.test(text) || text === 'Infinity') return Number(text)
  return (key.endsWith('Ms') ? parseDuration(text) : undefined) ?? text
}

/** Text of a spec, with the settings that differ from the defaults. */
export function specText(name: string, values: LooseValues): string {
  const parts = Object.entries(values).map(([key, value]) => `${key}=${value}`)
  return parts.length === 0 ? name : `${name}:${parts.join(',')}`
}
