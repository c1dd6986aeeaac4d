import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { importCircles } from './structure/import-circles.ts'
import { importedSpecifiers } from './structure/imported-specifiers.ts'
import { longFiles } from './structure/long-files.ts'
import { type Manifest, readManifests } from './structure/manifest.ts'
import { readSources } from './structure/read-sources.ts'
import { trespasses } from './structure/trespasses.ts'
import { undesignedArrows } from './structure/undesigned-arrows.ts'
import { unmappedModules } from './structure/unmapped-modules.ts'
import { unrunTests } from './structure/unrun-tests.ts'
import { vagueNames } from './structure/vague-names.ts'
import { repositoryPath } from './workspace/repository-path.ts'

const BUILT_OR_FOREIGN = /\/(?:build|dist|node_modules)\//u

const sources = await readSources()
const manifests = await readManifests()

it('the scans see the sources', () => {
  const paths = sources.map(({ path }) => path)

  expect(manifests.map(({ name }) => name).sort()).toEqual([
    '@holdfast/bench',
    '@holdfast/core',
    '@holdfast/http-agent',
  ])
  expect(paths).toContain('packages/core/src/index.ts')
  expect(paths).toContain('packages/http-agent/src/index.ts')
  expect(paths).toContain('tests/structure.test.ts')
  expect(paths.filter((path) => BUILT_OR_FOREIGN.test(path))).toEqual([])
})

describe('an arrow between packages', () => {
  it('is one of the design', () => {
    expect(undesignedArrows(manifests)).toEqual([])
  })

  it.for<[string, Manifest, string]>([
    [
      'a dependency of core',
      { name: '@holdfast/core', dependencies: { ms: '^2.1.3' } },
      '@holdfast/core needs ms',
    ],
    [
      'an optional peer of core',
      {
        name: '@holdfast/core',
        peerDependencies: { undici: '^8.0.0' },
        peerDependenciesMeta: { undici: { optional: true } },
      },
      '@holdfast/core needs undici',
    ],
    [
      'a second dependency of the agents',
      { name: '@holdfast/http-agent', dependencies: { '@holdfast/core': '*', ms: '^2.1.3' } },
      '@holdfast/http-agent needs ms',
    ],
    [
      'a peer of the agents that must be there',
      { name: '@holdfast/http-agent', peerDependencies: { undici: '^8.0.0' } },
      '@holdfast/http-agent needs undici',
    ],
    [
      'an arrow upwards',
      { name: '@holdfast/core', optionalDependencies: { '@holdfast/http-agent': '*' } },
      '@holdfast/core needs @holdfast/http-agent',
    ],
    ['a new package', { name: '@holdfast/extra' }, '@holdfast/extra is not in the design'],
  ])('is reported: %s', ([, manifest, complaint]) => {
    expect(undesignedArrows([manifest])).toEqual([complaint])
  })

  it('may be an optional peer of the agents', () => {
    const manifest: Manifest = {
      name: '@holdfast/http-agent',
      dependencies: { '@holdfast/core': 'workspace:^' },
      peerDependencies: { undici: '^7.30.0 || ^8.12.0' },
      peerDependenciesMeta: { undici: { optional: true } },
    }

    expect(undesignedArrows([manifest])).toEqual([])
  })
})

describe('an import', () => {
  it('goes through the public entries of another package', () => {
    expect(trespasses(sources, manifests)).toEqual([])
  })

  it.for([
    '@holdfast/core/dist/pool.js',
    '@holdfast/core/src/pool.ts',
    '@holdfast/core/pool',
    '@holdfast/extra',
    '../../core/src/pool.ts',
    '../../../scripts/generate-docs.ts',
  ])('is reported: %s', (specifier) => {
    const path = 'packages/http-agent/src/sample.ts'
    const text = `import { Pool } from '${specifier}'\n`

    expect(trespasses([{ path, text }], manifests)).toEqual([`${path} imports ${specifier}`])
  })

  it.for([
    '@holdfast/core',
    '@holdfast/core/package.json',
    '../test/own.ts',
    './driver/own.ts',
    'node:net',
    'undici',
  ])('is left alone: %s', (specifier) => {
    const path = 'packages/http-agent/src/sample.ts'
    const text = `import { Pool } from '${specifier}'\n`

    expect(importedSpecifiers(text)).toEqual([specifier])
    expect(trespasses([{ path, text }], manifests)).toEqual([])
  })

  it('never leads back to where it came from', () => {
    expect(importCircles(sources)).toEqual([])
  })

  it.for([
    ['at once', "import { b } from './b.ts'\n", "import { a } from './a.ts'\n"],
    ['for a type alone', "import type { B } from './b.ts'\n", "export { a } from './a.ts'\n"],
    ['by a third file', "import { c } from './c.ts'\n", "import { a } from './a.ts'\n"],
  ] as const)('is reported where it closes a circle %s', ([, first, second]) => {
    const folder = 'packages/core/src'
    const files = [
      { path: `${folder}/a.ts`, text: first },
      { path: `${folder}/b.ts`, text: second },
      { path: `${folder}/c.ts`, text: "import { b } from './b.ts'\n" },
    ]
    const [circle = ''] = importCircles(files)

    expect(circle).toContain(`${folder}/a.ts <-> ${folder}/b.ts`)
    expect(importCircles(files.slice(1))).toEqual([])
  })

  it('of the equipment in `tests/` is for tests with real servers', () => {
    const text = "import { startNginx } from '../../../../tests/servers/start-nginx.ts'\n"
    const system = { path: 'packages/http-agent/test/system/rotation.system.test.ts', text }
    const other = { path: 'packages/http-agent/test/every-line/https.test.ts', text }

    expect(trespasses([system], manifests)).toEqual([])
    expect(trespasses([other], manifests)).toHaveLength(1)
  })

  it.for([
    ["import 'there'", 'at once'],
    ["import {\n  one,\n  two,\n} from 'there'", 'over several lines'],
    ['import type { One } from "there"', 'as a type'],
    ["export * from 'there'", 'to export it again'],
    ["const one = await import('there')", 'later'],
    ["const one = require('there')", 'as CommonJS'],
    ["type One = import('there').One", 'inside a type'],
  ] as const)('is seen $1', ([text]) => {
    expect(importedSpecifiers(text)).toEqual(['there'])
  })
})

describe('a name', () => {
  it('says what its file is about', () => {
    expect(vagueNames(sources)).toEqual([])
  })

  it.for(['utils', 'util', 'helpers', 'helper', 'types', 'constants', 'misc', 'common'])(
    'is reported: %s',
    (name) => {
      const samples = [
        `packages/core/src/${name}.ts`,
        `packages/core/src/${name}.test.ts`,
        `packages/core/src/${name}/pool.ts`,
      ].map((path) => ({ path, text: '' }))
      const harmless = { path: `packages/core/src/pool-${name}.ts`, text: '' }

      expect(vagueNames([...samples, harmless])).toEqual(samples.map(({ path }) => path))
    },
  )
})

describe('a module', () => {
  const architecture = readFileSync(repositoryPath('ARCHITECTURE.md'), 'utf8')

  it('stands in the map of ARCHITECTURE.md', () => {
    expect(unmappedModules(sources, architecture)).toEqual([])
  })

  it('is reported where it does not', () => {
    const path = 'packages/core/src/idle/unheard-of.ts'
    expect(unmappedModules([{ path, text: '' }], architecture)).toEqual([path])
  })
})

describe('a test', () => {
  it('runs', () => {
    expect(unrunTests(sources)).toEqual([])
  })

  it.for([
    ['test', 'only'],
    ['it', 'skip'],
    ['it', 'todo'],
    ['describe', 'only'],
    ['describe', 'skip'],
  ])('is reported: %s.%s', ([name, modifier]) => {
    const path = 'packages/core/src/pool.test.ts'
    const call = `${name}.${modifier}`
    const texts = [`${call}('leases', () => {})`, `${call}.for([1])('leases', () => {})`]

    for (const text of texts) expect(unrunTests([{ path, text }])).toEqual([`${path}: ${call}`])
  })

  it('is left alone where it runs', () => {
    const path = 'packages/core/src/pool.test.ts'
    const text = "it.for([1])('leases only once', () => {})\ndescribe('skip', () => {})\n"

    expect(unrunTests([{ path, text }])).toEqual([])
  })

  it('says why, where it finds out that it cannot run', () => {
    const path = 'packages/core/src/pool.test.ts'
    const skip = ['context', 'skip'].join('.')

    expect(unrunTests([{ path, text: `${skip}()` }])).toEqual([`${path}: ${skip}`])
    expect(unrunTests([{ path, text: `${skip}('no such option here')` }])).toEqual([])
  })
})

describe('a file', () => {
  it('is short enough for one concern', () => {
    expect(longFiles(sources)).toEqual([])
  })

  it('is reported from 451 lines', () => {
    const path = 'packages/core/src/pool.ts'

    expect(longFiles([{ path, text: 'line\n'.repeat(450) }])).toEqual([])
    expect(longFiles([{ path, text: 'line\n'.repeat(451) }])).toEqual([`${path}: 451 lines`])
  })
})
