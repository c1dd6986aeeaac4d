import type { Option } from '../cli/option.ts'
import { type JsonSchema, optionSchema } from '../cli/option-schema.ts'
import { NOT_IN_FILES } from './bench-config.ts'
import { BENCH_OPTIONS } from './bench-options.ts'

/** JSON Schema of the file that `--config` names: the options, by their names. */
export function benchConfigSchema(): JsonSchema {
  const options: readonly [string, Option][] = Object.entries(BENCH_OPTIONS)
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
          .map(([name, option]) => [name, optionSchema(option)]),
      ),
    },
  }
}
