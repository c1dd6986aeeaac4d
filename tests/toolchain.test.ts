import { readFile } from 'node:fs/promises'
import process from 'node:process'
import { expect, it } from 'vitest'
import { repositoryPath } from './workspace/repository-path.ts'
import { runProgram } from './workspace/run-program.ts'

interface RootManifest {
  readonly devDependencies: Readonly<Record<string, string>>
}

const manifest = JSON.parse(await readFile(repositoryPath('package.json'), 'utf8')) as RootManifest

it('runs on the Node that the repository pins', () => {
  expect(manifest.devDependencies['node']).toBe('26.10.0')
  expect(process.version).toBe('v26.10.0')
})

it('runs on the Node that the repository brings, not on one of the machine', () => {
  expect(process.execPath.startsWith(repositoryPath('node_modules/'))).toBe(true)
})

it.for([20, 22, 24])('brings Node %i to run the agents on', async (major) => {
  const pinned = manifest.devDependencies[`node${major}`]?.split('@').at(-1)
  const { out } = await runProgram(repositoryPath(`node_modules/node${major}/bin/node`), ['-v'], {
    cwd: repositoryPath(),
  })

  expect(out.trim()).toBe(`v${pinned}`)
  expect(out.startsWith(`v${major}.`)).toBe(true)
})
