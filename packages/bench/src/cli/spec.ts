import { UsageError } from './command-line.ts'
import { parseDuration } from './duration.ts'

/** What an option may be set to. */
export type OptionValue = number | boolean | string

export type SpecOptions = Readonly<Record<string, OptionValue>>

/** A name with options; written `name:key=value,key=value`. */
export interface Spec {
  readonly name: string
  readonly options: SpecOptions
}

/** A colon that is followed by a slash or a digit belongs to a URL. */
const OPTIONS_START = /:(?![/\d])/u
const NUMBER = /^-?\d+(?:\.\d+)?$/u

/**
 * Reads a spec. A colon that is followed by a slash or a digit belongs to a URL, and so to the name.
 *
 * @param what for error messages, such as `variant`
 */
export function parseSpec(what: string, text: string): Spec {
  const colon = OPTIONS_START.exec(text)?.index
  if (colon === undefined) return { name: text, options: {} }
  const options = parseSettings(`${what} '${text}'`, text.slice(colon + 1))
  return { name: text.slice(0, colon), options }
}

/**
 * Reads `key=value,key=value`. Throws {@link UsageError}.
 *
 * @param subject what the settings belong to, for the error
 */
export function parseSettings(subject: string, list: string): SpecOptions {
  const entries = list.split(',').map((part): [string, OptionValue] => {
    const equals = part.indexOf('=')
    if (equals < 1) throw new UsageError(`${subject}: expected key=value, got '${part}'`)
    const key = part.slice(0, equals)
    return [key, parsedValue(key, part.slice(equals + 1))]
  })
  return Object.fromEntries(entries)
}

/** `true`, `false`, `Infinity`, numbers and times in milliseconds are what they look like; all else is text. */
function parsedValue(key: string, text: string): OptionValue {
  if (text === 'true' || text === 'false') return text === 'true'
  if (NUMBER.test(text) || text === 'Infinity') return Number(text)
  return (key.endsWith('Ms') ? parseDuration(text) : undefined) ?? text
}
