import type { OptionSpec } from '../cli/command-line.ts'
import { BENCH_OPTIONS } from './bench-options.ts'

/** Options that belong to a command line alone. */
const NOT_IN_FILES: readonly string[] = ['config', 'help']

const DURATION = '^\\d+(\\.\\d+)?(ms|s|m|h)$'

type JsonSchema = Readonly<Record<string, unknown>>

/** The JSON Schema of the file that `--config` names: the options, by their names. */
export function benchConfigSchema(): JsonSchema {
  const options: readonly [string, OptionSpec][] = Object.entries(BENCH_OPTIONS)
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    $id: 'urn:holdfast:bench-config:1',
    title: 'Configuration of holdfast bench',
    type: 'object',
    additionalProperties: false,
    properties: {
      $schema: { type: 'string' },
      ...Object.fromEntries(
        options
          .filter(([name]) => !NOT_IN_FILES.includes(name))
          .map(([name, spec]) => [name, { description: spec.description, ...schemaOf(spec) }]),
      ),
    },
  }
}

function schemaOf(spec: OptionSpec): JsonSchema {
  switch (spec.kind) {
    case 'flag':
      return { type: 'boolean' }
    case 'integer': {
      const { min: minimum, max: maximum, unit } = spec
      const number = { type: 'integer', minimum, maximum }
      const time = { type: 'string', pattern: DURATION }
      return {
        ...(unit === undefined ? number : { oneOf: [number, time] }),
        ...defaultOf(spec.default),
      }
    }
    case 'integers': {
      const one = { type: 'integer', minimum: spec.min, maximum: spec.max }
      return {
        oneOf: [one, { type: 'array', minItems: 1, items: one }],
        ...defaultOf(spec.default),
      }
    }
    case 'duration':
      return { type: 'string', pattern: DURATION }
    case 'choice':
      return { enum: spec.choices, default: spec.default }
    case 'text':
      return { type: 'string' }
    case 'texts': {
      const one = { type: 'string' }
      return { oneOf: [one, { type: 'array', items: one }] }
    }
    default:
      return spec satisfies never
  }
}

function defaultOf(value: unknown): JsonSchema {
  return value === undefined ? {} : { default: value }
}
