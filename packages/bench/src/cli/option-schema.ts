import type { IntegersOption, NumberOption, Option, TimeOption } from './option.ts'

const DURATION = '^\\d+(\\.\\d+)?(ms|s|m|h)$'

export type JsonSchema = Readonly<Record<string, unknown>>

/** JSON Schema of an option that a file sets. */
export function optionSchema(option: Option): JsonSchema {
  return { description: option.description, ...valueSchema(option), ...defaultSchema(option) }
}

function valueSchema(option: Option): JsonSchema {
  switch (option.kind) {
    case 'flag':
      return { type: 'boolean' }
    case 'integer':
    case 'number':
      return numberSchema(option, option.kind)
    case 'time':
      return timeSchema(option)
    case 'integers':
      return oneOrMore(numberSchema(option, 'integer'), { minItems: 1 })
    case 'choice':
      return { enum: option.choices }
    case 'text':
      return { type: 'string' }
    case 'texts':
      return oneOrMore({ type: 'string' })
    default:
      return option satisfies never
  }
}

function timeSchema(option: TimeOption): JsonSchema {
  const text = { type: 'string', pattern: DURATION }
  if (option.unit === undefined) return text
  return { oneOf: [numberSchema(option, option.isWhole === true ? 'integer' : 'number'), text] }
}

function numberSchema(
  { min: minimum, max: maximum }: NumberOption | TimeOption | IntegersOption,
  type: 'integer' | 'number',
): JsonSchema {
  return { type, minimum, maximum }
}

function oneOrMore(one: JsonSchema, bounds: JsonSchema = {}): JsonSchema {
  return { oneOf: [one, { type: 'array', ...bounds, items: one }] }
}

function defaultSchema(option: Option): JsonSchema {
  const isRandom = 'defaultText' in option
  return option.default === undefined || isRandom ? {} : { default: option.default }
}
