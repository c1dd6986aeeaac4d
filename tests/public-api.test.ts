import { readdir, readFile } from 'node:fs/promises'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { readEntryPoints } from '../scripts/entry-points.ts'
import { publicApi } from '../scripts/public-api.ts'
import { repositoryPath } from './workspace/repository-path.ts'

const SNAPSHOTS = 'docs/api-snapshot'

const entries = await readEntryPoints(pathToFileURL(repositoryPath()))

describe('the public API', () => {
  it('of every entry has a snapshot, and nothing else has', async () => {
    const snapshots = entries.map(({ snapshot }) => snapshot).sort()

    expect(snapshots).toContain('http-agent.undici.txt')
    expect((await readdir(repositoryPath(SNAPSHOTS))).sort()).toEqual(snapshots)
  })

  it.for(entries)('of $specifier is as its snapshot: else run `pnpm run docs`', async (entry) => {
    const snapshot = await readFile(repositoryPath(`${SNAPSHOTS}/${entry.snapshot}`), 'utf8')

    expect(await publicApi(repositoryPath(entry.types))).toBe(snapshot)
  })
})

/** The API of an entry among files of declarations. */
const apiOf = (files: Readonly<Record<string, string>>): Promise<string> =>
  publicApi('index.d.ts', async (path) => files[path] ?? '')

describe('the API of an entry', () => {
  it('is what it exports and what that leads to, by name, without comments', async () => {
    const api = await apiOf({
      'index.d.ts': `export { make, type Made } from './make.ts'\n`,
      'make.d.ts': `import type { Part } from './part.ts'
        /** Doc. */
        export interface Made { readonly part: Part } // Remark.
        export declare const make: () => Made
        export declare const hidden: number`,
      'part.d.ts': `import type { Socket } from 'node:net'\nexport type Part = Socket`,
    })

    expect(api.split('\n')).toEqual([
      'export Made',
      'export make',
      '',
      'declare const make: () => Made',
      `from 'node:net': Socket`,
      'interface Made { readonly part: Part }',
      'type Part = Socket',
      '',
    ])
  })

  it('changes with a type behind it, and not with what nobody gets', async () => {
    const index = `export { make } from './make.ts'\n`
    const make = (type: string, other: string): string =>
      `type Inner = ${type}\nexport declare const make: () => Inner\ndeclare const other: ${other}`
    const api = await apiOf({ 'index.d.ts': index, 'make.d.ts': make('string', 'string') })

    expect(await apiOf({ 'index.d.ts': index, 'make.d.ts': make('number', 'string') })).not.toBe(
      api,
    )
    expect(await apiOf({ 'index.d.ts': index, 'make.d.ts': make('string', 'number') })).toBe(api)
  })
})
