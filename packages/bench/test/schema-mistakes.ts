import { readFileSync } from 'node:fs'
import { Ajv, type ValidateFunction } from 'ajv'

interface Schema {
  readonly [key: string]: unknown
}

export const isObject = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null

/** Closes the published schema, which allows additions, so that it must name everything. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed)
  if (!isObject(schema)) return schema
  const inner = Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [key, closed(value)]),
  )
  const isRecord = isObject(schema['properties']) && Array.isArray(schema['required'])
  const isNamedUnion = isRecord && (schema['required'] as string[]).includes('kind')
  return isRecord && !isNamedUnion ? { ...inner, additionalProperties: false } : inner
}

export function validatorOf(name: string, isClosed: boolean): ValidateFunction {
  const file = new URL(`../schemas/${name}.schema.json`, import.meta.url)
  const schema = JSON.parse(readFileSync(file, 'utf8')) as object
  return new Ajv({ strict: false }).compile((isClosed ? closed(schema) : schema) as object)
}

/** Mistakes in the data, by the published schema and by the closed one. */
export function mistakesIn(name: string, data: unknown): unknown[] {
  return [false, true].flatMap((isClosed) => {
    const validate = validatorOf(name, isClosed)
    validate(data)
    return validate.errors ?? []
  })
}
