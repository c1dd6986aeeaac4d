import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import { BENCH_SCHEMA, type BenchResult } from '../bench/bench-result.ts'
import { UsageError } from '../cli/usage-error.ts'

const SCHEMA = new URL('../../schemas/bench-result.schema.json', import.meta.url)

/**
 * Reads the output of `holdfast bench --json`.
 *
 * @throws UsageError for anything else
 */
export function readResult(file: string): BenchResult {
  const parsed = parse(file)
  const schema =
    parsed !== null && typeof parsed === 'object' && 'schema' in parsed && parsed.schema
  if (schema !== BENCH_SCHEMA) {
    throw new UsageError(
      `${file} must be a result of schema ${BENCH_SCHEMA}, as holdfast bench --json prints it, got ${schema === false ? 'no schema' : `schema '${String(schema)}'`}`,
    )
  }
  const ajv = new Ajv({ strict: false })
  const validate = ajv.compile(JSON.parse(readFileSync(SCHEMA, 'utf8')) as object)
  if (validate(parsed)) return parsed as BenchResult
  const [first] = validate.errors ?? []
  throw new UsageError(`${file}: ${first?.instancePath || '/'} ${first?.message ?? 'is wrong'}`)
}

function parse(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new UsageError(`${file}: ${error instanceof Error ? error.message : String(error)}`)
  }
}
