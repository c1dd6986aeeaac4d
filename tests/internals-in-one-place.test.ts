import { beforeAll, describe, expect, it } from 'vitest'
import { lintSources } from './lint/lint-sources.ts'

const INTERNALS = 'plugin: what is undocumented'
const WORDS = 'plugin: what undici says in words'

const AGENT = 'packages/http-agent/src'

/** A look at something undocumented, as a function of the object at hand. */
const UNDOCUMENTED = [
  'socket._handle',
  "socket['_handle']",
  "'_handle' in socket",
  "Reflect.get(socket, '_handle')",
  '(({ _handle }: typeof socket): unknown => _handle)(socket)',
  '(({ _handle: handle }: typeof socket): unknown => handle)(socket)',
  '(socket as { readonly _handle: number })',
  'Object.getOwnPropertySymbols(socket)',
  "Symbol.for('undici.globalDispatcher.1')",
] as const

/** A look at what undici says. */
const SAID = [
  "error.message === 'reset'",
  '(({ message }: Error): string => message)(error)',
  '(({ message: text }: Error): string => text)(error)',
] as const

const DOCUMENTED = [
  'socket.destroyed',
  "'encrypted' in socket",
  'Reflect.get(socket, "fd")',
] as const

const looking = (look: string, name = 'sample'): string =>
  `export const ${name} = (socket: { readonly [name: string]: unknown }): unknown => ${look}\n`

const reading = (look: string): string =>
  `export const sample = (error: Error): unknown => ${look}\n`

const FOLDERS = ['driver', 'driver/liveness', 'node', 'node/request', 'undici', 'register'] as const

const HOMES = [
  'driver/socket-handle.ts',
  'driver/connecting-handle.ts',
  'node/internals/sample.ts',
  'undici/peer/undici-internals.ts',
] as const

describe('the linter', () => {
  let reported: ReadonlyMap<string, readonly string[]>

  beforeAll(async () => {
    const every = UNDOCUMENTED.map((look, index) => looking(look, `look${index}`)).join('')
    reported = await lintSources(
      Object.fromEntries([
        ...UNDOCUMENTED.map((look, index) => [
          `${AGENT}/node/undocumented-${index}.ts`,
          looking(look),
        ]),
        ...SAID.map((look, index) => [`${AGENT}/undici/request/said-${index}.ts`, reading(look)]),
        ...DOCUMENTED.map((look, index) => [`${AGENT}/node/documented-${index}.ts`, looking(look)]),
        ...FOLDERS.map((folder) => [`${AGENT}/${folder}/sample.ts`, looking('socket._handle')]),
        ...HOMES.map((path) => [`${AGENT}/${path}`, every]),
        [`${AGENT}/node/said.ts`, reading(SAID[0])],
      ]),
    )
  })

  const complaintsOf = (path: string): readonly string[] => {
    const complaints = reported.get(`${AGENT}/${path}`)
    if (complaints === undefined) throw new Error(`${path} was not linted`)
    return complaints.filter((each) => each.startsWith('plugin'))
  }

  it.for(UNDOCUMENTED.map((look, index) => ({ look, index })))(
    'refuses $look outside the files for that',
    ({ index }) => {
      expect(complaintsOf(`node/undocumented-${index}.ts`)).toContainEqual(
        expect.stringContaining(INTERNALS),
      )
    },
  )

  it.for(FOLDERS)('refuses an undocumented member in %s', (folder) => {
    expect(complaintsOf(`${folder}/sample.ts`)).toContainEqual(expect.stringContaining(INTERNALS))
  })

  it.for(HOMES)('allows all of them in %s', (path) => {
    expect(complaintsOf(path)).toEqual([])
  })

  it.for(DOCUMENTED.map((look, index) => ({ look, index })))('allows $look', ({ index }) => {
    expect(complaintsOf(`node/documented-${index}.ts`)).toEqual([])
  })

  it.for(SAID.map((look, index) => ({ look, index })))(
    'refuses $look of an error of undici',
    ({ index }) => {
      expect(complaintsOf(`undici/request/said-${index}.ts`)).toContainEqual(
        expect.stringContaining(WORDS),
      )
    },
  )

  it('lets others read what an error says', () => {
    expect(complaintsOf('node/said.ts')).toEqual([])
  })
})
