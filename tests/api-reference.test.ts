import { readdir, readFile } from 'node:fs/promises'
import { pathToFileURL } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { apiReference } from '../scripts/api-reference/api-reference.ts'
import { readEntryPoints } from '../scripts/entry-points.ts'
import { repositoryPath } from './workspace/repository-path.ts'

const FOLDER = 'docs/api'

const entries = await readEntryPoints(pathToFileURL(repositoryPath()))

const byName = (one: string, other: string): number => (one < other ? -1 : 1)

describe('the API reference', () => {
  let pages: ReadonlyMap<string, string>

  beforeAll(async () => {
    pages = await apiReference()
  })

  it('has a page for each entry, and a list of them', () => {
    const names = entries.map(({ page }) => page)

    expect(names).toContain('http-agent.undici.md')
    expect([...pages.keys()].sort(byName)).toEqual([...names, 'README.md'].sort(byName))
  })

  it.for(entries)('calls its page what is imported: $specifier', ({ page, specifier }) => {
    expect(pages.get(page)).toMatch(new RegExp(`^# ${specifier}\n\n\\S`, 'u'))
    expect(pages.get('README.md')).toContain(`[${specifier}](${page})`)
  })

  it('says what the docstrings say, of what an option means and of what throws', () => {
    const page = pages.get('http-agent.md')

    expect(page).toContain('Milliseconds until the remaining connections are destroyed.')
    expect(page).toContain('`ERR_HOLDFAST_INVALID_OPTION`')
  })

  it('is as it was written: else run `pnpm run docs`', async () => {
    expect((await readdir(repositoryPath(FOLDER))).sort(byName)).toEqual(
      [...pages.keys()].sort(byName),
    )
    for (const [name, text] of pages) {
      expect(await readFile(repositoryPath(`${FOLDER}/${name}`), 'utf8'), name).toBe(text)
    }
  })
})
