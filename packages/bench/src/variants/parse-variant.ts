import { UsageError } from '../command-line.ts'
import { CLIENTS } from './clients.ts'
import type { OptionValue, Variant } from './variant.ts'

const NUMBER = /^-?\d+(?:\.\d+)?$/u

/** Reads `name` or `name:key=value,key=value`. Throws {@link UsageError}. */
export function parseVariant(text: string): Variant {
  const colon = text.indexOf(':')
  const client = colon === -1 ? text : text.slice(0, colon)
  if (!CLIENTS.has(client)) {
    throw new UsageError(
      `unknown variant ${client}; known: ${Array.from(CLIENTS.keys()).join(', ')}`,
    )
  }
  const options = colon === -1 ? {} : parseSettings(`variant ${text}`, text.slice(colon + 1))
  return { name: text, client, options }
}

/**
 * Reads `key=value,key=value`. Throws {@link UsageError}.
 *
 * @param subject what the settings belong to, for the error
 */
export function parseSettings(
  subject: string,
  list: string,
): Readonly<Record<string, OptionValue>> {
  const entries = list.split(',').map((part): [string, OptionValue] => {
    const equals = part.indexOf('=')
    if (equals < 1) {
      throw new UsageError(`${subject}: expected key=value, got '${part}'`)
    }
    return [part.slice(0, equals), parsedValue(part.slice(equals + 1))]
  })
  return Object.fromEntries(entries)
}

/** `true`, `false`, `Infinity` and numbers are what they look like; all else is text. */
function parsedValue(text: string): OptionValue {
  if (text === 'true' || text === 'false') return text === 'true'
  if (NUMBER.test(text) || text === 'Infinity') return Number(text)
  return text
}
