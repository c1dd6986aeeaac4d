import { cp, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'
import { expect, it } from 'vitest'
import { repositoryPath } from './workspace/repository-path.ts'
import { runProgram } from './workspace/run-program.ts'
import { TemporaryDirectory } from './workspace/temporary-directory.ts'

const PACKAGES = ['core', 'http-agent', 'bench'] as const
const CHANGE = `---\n'@holdfast/core': minor\n---\n\nSomething that users notice.\n`
/** What changesets read and write: no code, and no changeset but the one of this test. */
const FILES = [
  'package.json',
  'pnpm-workspace.yaml',
  'pnpm-lock.yaml',
  'scripts/api-reference/package.json',
  '.changeset/config.json',
  ...PACKAGES.flatMap((name) => [`packages/${name}/package.json`, `packages/${name}/CHANGELOG.md`]),
]

it('a changeset of one package raises all of them to one version, and is told in its changelog', async () => {
  await using copy = await TemporaryDirectory.create()
  for (const file of FILES) await cp(repositoryPath(file), join(copy.path, file))
  await copy.write('.changeset/a-change.md', CHANGE)
  const read = (path: string): Promise<string> => readFile(join(copy.path, path), 'utf8')
  const versionOf = async (name: string): Promise<string> =>
    (JSON.parse(await read(`packages/${name}/package.json`)) as { version: string }).version
  const before = await versionOf('core')

  const changeset = repositoryPath('node_modules/@changesets/cli/bin.js')
  const { code, err } = await runProgram(process.execPath, [changeset, 'version'], {
    cwd: copy.path,
  })

  expect({ code, err }).toEqual({ code: 0, err: '' })
  const [after, ...others] = await Promise.all(PACKAGES.map(versionOf))
  expect(after).not.toBe(before)
  expect(others).toEqual([after, after])
  const changelog = await read('packages/core/CHANGELOG.md')
  expect(changelog).toContain(`## ${after}\n\n### Minor Changes\n\n- Something that users notice.`)
  expect(changelog).toContain(`## ${before}\n`)
  expect(await read('package.json')).toBe(await readFile(repositoryPath('package.json'), 'utf8'))
})
