import { fileURLToPath } from 'node:url'
import { createGenerator } from 'ts-json-schema-generator'
import { benchConfigSchema } from '../packages/bench/src/bench/bench-config-schema.ts'

const SOURCES = fileURLToPath(new URL('../packages/bench/src/', import.meta.url))
const PROJECT = fileURLToPath(new URL('../packages/bench/tsconfig.json', import.meta.url))

/** Stands in every schema, because it allows a version to grow. */
const TOLERANCE = 'Readers ignore members that they do not know.'

/** A type that describes what a command prints with `--json`. */
interface ResultType {
  readonly file: string
  readonly type: string
  readonly id: string
  readonly title: string
  readonly description: string
}

/** Definitions whose numbers may be Infinity, for which JSON writes null. */
const UNBOUNDED = ['Forecast', 'PlanInput', 'PolicyOptions', 'ServerModel', 'Given<number>']

const RESULTS: Readonly<Record<string, ResultType>> = {
  'bench-result': {
    file: 'bench/bench-result.ts',
    type: 'BenchResult',
    id: 'urn:holdfast:bench-result:3',
    title: 'Result of holdfast bench',
    description: `${TOLERANCE} More may be added while the version stays the same.`,
  },
  'plan-result': {
    file: 'plan/plan-result.ts',
    type: 'PlanResult',
    id: 'urn:holdfast:plan-result:2',
    title: 'Result of holdfast plan',
    description: `${TOLERANCE} Infinity is written as null.`,
  },
  'probe-result': {
    file: 'probe/probe-result.ts',
    type: 'ProbeResult',
    id: 'urn:holdfast:probe-result:1',
    title: 'Result of holdfast probe',
    description: `${TOLERANCE} What has not been seen is null. Instants in observations are milliseconds since the probe began.`,
  },
  'watch-result': {
    file: 'watch/watch-result.ts',
    type: 'WatchResult',
    id: 'urn:holdfast:watch-result:1',
    title: 'One look of holdfast watch',
    description: TOLERANCE,
  },
}

type Json = null | boolean | number | string | readonly Json[] | JsonObject
interface JsonObject {
  readonly [key: string]: Json
}

const isObject = (json: Json | undefined): json is JsonObject =>
  typeof json === 'object' && json !== null && !Array.isArray(json)

/** Applies a change to every object, the innermost first. */
const rewritten = (json: Json, change: (object: JsonObject) => JsonObject): Json => {
  if (Array.isArray(json)) return json.map((each) => rewritten(each, change))
  if (!isObject(json)) return json
  const entries = Object.entries(json).map(([key, value]) => [key, rewritten(value, change)])
  return change(Object.fromEntries(entries))
}

/** TypeScript names what has no name of its own by where it stands, which changes with each edit. */
const UNNAMED = /object-\d/u
const DEFINITIONS = '#/definitions/'

const withoutUnnamed = (schema: JsonObject): JsonObject => {
  const { definitions = {}, ...rest } = schema
  const all = definitions as JsonObject
  const inlined = (object: JsonObject): JsonObject => {
    const { $ref } = object
    const name = typeof $ref === 'string' ? $ref.slice(DEFINITIONS.length) : ''
    return UNNAMED.test(name) ? (all[name] as JsonObject) : object
  }
  const named = Object.entries(all).filter(([name]) => !UNNAMED.test(name))
  return rewritten({ ...rest, definitions: Object.fromEntries(named) }, inlined) as JsonObject
}

const orNull = (object: JsonObject): JsonObject =>
  object['type'] === 'number' ? { ...object, type: ['number', 'null'] } : object

const withInfinity = (definitions: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(definitions).map(([name, definition]) => [
      name,
      UNBOUNDED.includes(name) ? rewritten(definition, orNull) : definition,
    ]),
  )

const schemaOf = ({ file, type, id, title, description }: ResultType): JsonObject => {
  const generator = createGenerator({
    path: `${SOURCES}${file}`,
    tsconfig: PROJECT,
    type,
    topRef: false,
    encodeRefs: false,
    additionalProperties: true,
    // The build has checked them, by a newer TypeScript than the generator's own.
    skipTypeCheck: true,
  })
  const generated = JSON.parse(JSON.stringify(generator.createSchema(type))) as JsonObject
  const { $schema = '', ...schema } = withoutUnnamed(generated)
  const definitions = withInfinity(schema['definitions'] as JsonObject)
  return { $schema, $id: id, title, ...schema, description, definitions }
}

const textOf = (schema: object): string => `${JSON.stringify(schema, undefined, 2)}\n`

/** The JSON Schemas of bench by their paths: of its results, from their types, and of its config. */
export const resultSchemas = (): Readonly<Record<string, string>> => {
  const schemas = Object.entries(RESULTS).map(([name, result]): [string, object] => [
    name,
    schemaOf(result),
  ])
  const all = [...schemas, ['bench-config', benchConfigSchema()] as const]
  return Object.fromEntries(
    all.map(([name, schema]) => [`packages/bench/schemas/${name}.schema.json`, textOf(schema)]),
  )
}
