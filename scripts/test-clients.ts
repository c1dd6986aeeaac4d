/** Runs the suite of HTTP clients, which is compiled, on the oldest and the newest line of Node. */
import { spawnSync } from 'node:child_process'
import process from 'node:process'
import { repositoryPath } from '../tests/workspace/repository-path.ts'

const LINES = ['node20', 'node'] as const
const SUITE = 'packages/http-agent/build/every-line/clients/known-clients.test.js'

for (const line of LINES) {
  const node = repositoryPath(`node_modules/${line}/bin/node`)
  const { status } = spawnSync(node, ['--test', repositoryPath(SUITE)], { stdio: 'inherit' })
  if (status !== 0) process.exitCode = 1
}
