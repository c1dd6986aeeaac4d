import { cp, readFile, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { lintSources } from './lint/lint-sources.ts'
import { repositoryPath } from './workspace/repository-path.ts'
import { runProgram } from './workspace/run-program.ts'
import { TemporaryDirectory } from './workspace/temporary-directory.ts'

const GLOBAL = 'lint/style/noRestrictedGlobals'
const RANDOM = 'plugin: core draws no random number'
const WAITS = 'plugin: core never waits'

/** What core may not do, the rule that reports it, and the nearest thing that it may do. */
const IMPURITIES = [
  { does: 'Date.now()', reports: GLOBAL, instead: 'nowMs' },
  { does: 'new Date()', reports: GLOBAL, instead: 'new Map()' },
  { does: 'performance.now()', reports: GLOBAL, instead: 'nowMs + 1' },
  { does: 'new Intl.DateTimeFormat().format()', reports: GLOBAL, instead: 'String(nowMs)' },
  { does: 'setTimeout(run, 1)', reports: GLOBAL, instead: 'run()' },
  { does: 'setInterval(run, 1)', reports: GLOBAL, instead: 'run()' },
  { does: 'setImmediate(run)', reports: GLOBAL, instead: 'run()' },
  { does: 'queueMicrotask(run)', reports: GLOBAL, instead: 'run()' },
  { does: 'Promise.resolve(nowMs)', reports: GLOBAL, instead: '[nowMs]' },
  { does: 'Atomics.wait(new Int32Array(1), 0, 0, nowMs)', reports: GLOBAL, instead: 'nowMs' },
  { does: 'process.pid', reports: GLOBAL, instead: 'nowMs' },
  { does: 'Buffer.from([nowMs])', reports: GLOBAL, instead: 'Uint8Array.of(nowMs)' },
  { does: 'globalThis.Date', reports: GLOBAL, instead: 'nowMs' },
  { does: "require('node:fs')", reports: GLOBAL, instead: 'nowMs' },
  { does: 'Math.random()', reports: RANDOM, instead: 'Math.floor(nowMs)' },
  { does: "Math['random']()", reports: RANDOM, instead: 'Math.max(nowMs, 1)' },
  { does: '((maths = Math) => maths.random())()', reports: RANDOM, instead: 'Math.PI' },
  { does: '(({ random } = Math) => random())()', reports: RANDOM, instead: 'Math.PI' },
  { does: 'async () => await nowMs', reports: WAITS, instead: '() => nowMs' },
  { does: 'async () => nowMs', reports: WAITS, instead: '() => nowMs' },
  {
    does: 'async function later() { run() }',
    reports: 'lint/suspicious/useAwait',
    instead: 'function now() { run() }',
  },
  { does: "import('./own.ts')", reports: WAITS, instead: 'nowMs' },
  {
    does: 'async () => { for await (const item of [run]) item() }',
    reports: WAITS,
    instead: '() => { for (const item of [run]) item() }',
  },
].map((impurity, index) => ({
  ...impurity,
  impurePath: `packages/core/src/impure-${index}.ts`,
  purePath: `packages/core/src/pure-${index}.ts`,
}))

const returning = (expression: string): string =>
  `export const answer = (nowMs: number, run: () => void): unknown => [nowMs, run, ${expression}]\n`

describe('the linter', () => {
  let reported: ReadonlyMap<string, readonly string[]>

  beforeAll(async () => {
    reported = await lintSources({
      'packages/core/src/own.ts': 'export const own = 1\n',
      ...Object.fromEntries(
        IMPURITIES.flatMap(({ impurePath, purePath, does, instead }) => [
          [impurePath, returning(does)],
          [purePath, returning(instead)],
        ]),
      ),
    })
  })

  it.for(IMPURITIES)('allows core no $does', ({ impurePath, purePath, reports }) => {
    expect(reported.get(impurePath)).toContainEqual(expect.stringContaining(reports))
    expect(reported.get(purePath)).toEqual([])
  })
})

/** Names that Node or a browser would put in, and that core cannot even spell. */
const UNKNOWN_NAMES = [
  'setTimeout',
  'setInterval',
  'setImmediate',
  'clearTimeout',
  'queueMicrotask',
  'performance',
  'process',
  'Buffer',
  'console',
  'crypto',
  'fetch',
  'document',
  'AbortController',
  'EventTarget',
  'URL',
]

const KNOWN_NAMES = ['Map', 'Math', 'Number']

/** What the compiler says, under core's own options, about sources that stand in core. */
const complaints = async (
  sources: Readonly<Record<string, string>>,
  options: readonly string[] = [],
): Promise<string> => {
  await using directory = await TemporaryDirectory.create()
  for (const file of ['tsconfig.base.json', 'packages/core/tsconfig.json', 'package.json']) {
    await cp(repositoryPath(file), join(directory.path, file))
  }
  // The types of Node lie within reach here, as they do in the repository.
  await symlink(repositoryPath('node_modules'), join(directory.path, 'node_modules'))
  for (const [name, source] of Object.entries(sources)) {
    await directory.write(`packages/core/src/${name}.ts`, source)
  }
  const compiler = repositoryPath('node_modules/.bin/tsc')
  const { out } = await runProgram(compiler, ['-p', 'packages/core', '--noEmit', ...options], {
    cwd: directory.path,
  })
  return out
}

const naming = (names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, `export const it: unknown = ${name}\n`]))

const READS_FILES = { 'reads-files': "export { readFileSync } from 'node:fs'\n" }

describe('the compiler', () => {
  let complained: string

  beforeAll(async () => {
    complained = await complaints({ ...naming(UNKNOWN_NAMES), ...READS_FILES })
  })

  it('is told of neither Node nor a browser in core', async () => {
    const config = await readFile(repositoryPath('packages/core/tsconfig.json'), 'utf8')
    const base = await readFile(repositoryPath('tsconfig.base.json'), 'utf8')

    expect(JSON.parse(config)).toMatchObject({ compilerOptions: { types: [] } })
    expect(JSON.parse(config)).not.toHaveProperty('compilerOptions.lib')
    expect(JSON.parse(base)).toMatchObject({ compilerOptions: { types: [], lib: ['es2023'] } })
  })

  it.for(UNKNOWN_NAMES)('does not know %s in core', (name) => {
    expect(complained).toContain(`Cannot find name '${name}'`)
  })

  it('does not find a Node module in core', () => {
    expect(complained).toContain('reads-files.ts')
  })

  it('knows the language itself in core', async () => {
    expect(await complaints(naming(KNOWN_NAMES))).toBe('')
  })

  it('would know all of them with the types of Node and of the browser', async () => {
    const options = ['--types', 'node', '--lib', 'es2023,dom']

    expect(await complaints({ ...naming(UNKNOWN_NAMES), ...READS_FILES }, options)).toBe('')
  })
})
