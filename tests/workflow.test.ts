import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { repositoryPath } from './workspace/repository-path.ts'

const workflow = await readFile(repositoryPath('.github/workflows/ci.yml'), 'utf8')

const USES = /^ *- uses: (?<action>.*)$/gmu
const PINNED = /^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d/u

it('the workflow runs what the continuous integration runs, and nothing else', () => {
  expect(workflow.match(/^ *- run: .*$/gmu)).toEqual(['      - run: bash .ci/run'])
})

it('the workflow pins every action to a commit, and knows no secret', () => {
  const actions = Array.from(workflow.matchAll(USES), ({ groups }) => groups?.['action'] ?? '')

  expect(actions.length).toBeGreaterThan(0)
  for (const action of actions) expect(action).toMatch(PINNED)
  expect(workflow).not.toContain('secrets.')
  expect(workflow).toContain('permissions:\n  contents: read\n')
})
