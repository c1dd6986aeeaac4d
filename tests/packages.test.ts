import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import process from 'node:process'
import { publint } from 'publint'
import { beforeAll, describe, expect, it } from 'vitest'
import { Consumer } from './packages/consumer.ts'
import { packPackage } from './packages/pack-package.ts'
import { repositoryPath } from './workspace/repository-path.ts'
import { runProgram } from './workspace/run-program.ts'
import { TemporaryDirectory } from './workspace/temporary-directory.ts'

const PACKAGES = ['core', 'http-agent', 'bench'] as const

const tarballs = new Map<string, string>()
const tarball = (name: string): string => tarballs.get(name) ?? ''

beforeAll(async () => {
  const directory = await TemporaryDirectory.create()
  for (const name of PACKAGES) tarballs.set(name, await packPackage(name, directory.path))
  return () => directory[Symbol.asyncDispose]()
})

describe.for(PACKAGES)('the tarball of %s', (name) => {
  it('holds what was built, its sources and the licence, and no tests', async () => {
    const { out } = await runProgram('tar', ['-tzf', tarball(name)], { cwd: repositoryPath() })
    const files = out.trim().split('\n')

    expect(files).toContain('package/LICENSE')
    expect(files).toContain(`package/dist/${name === 'bench' ? 'main' : 'index'}.js`)
    expect(files).toContain(`package/src/${name === 'bench' ? 'main' : 'index'}.ts`)
    expect(files.filter((file) => file.includes('.test.') || file.includes('/test/'))).toEqual([])
    expect(files.filter((file) => file.includes('tsbuildinfo'))).toEqual([])
  })

  it('names its dependencies as the registry knows them', async () => {
    const { out } = await runProgram('tar', ['-xzOf', tarball(name), 'package/package.json'], {
      cwd: repositoryPath(),
    })

    expect(out).not.toContain('workspace:')
  })

  it('is publishable: publint', async () => {
    const { buffer } = new Uint8Array(await readFile(tarball(name)))
    const { messages } = await publint({ pack: { tarball: buffer }, strict: true })

    expect(messages).toEqual([])
  })

  it('is typed as it runs: are the types wrong', async () => {
    const { code, out } = await runProgram(
      repositoryPath('node_modules/.bin/attw'),
      [tarball(name), '--profile', 'esm-only', '--format', 'ascii', '--no-emoji'],
      { cwd: repositoryPath() },
    )

    expect(code, out).toBe(0)
  })
})

const IMPORTING = `
import http from 'node:http'
import https from 'node:https'
import { HttpAgent, HttpsAgent } from '@holdfast/http-agent'
`
const REQUIRING = `
const http = require('node:http')
const https = require('node:https')
const { HttpAgent, HttpsAgent } = require('@holdfast/http-agent')
`
const TELLING = `
const is = [new HttpAgent() instanceof http.Agent, new HttpsAgent() instanceof https.Agent]
console.log(process.version, ...is)
`

const USING = `
export const plain: http.Agent = new HttpAgent({ maxSockets: 50, policy: { idleTimeoutMs: 1 } })
export const secure: https.Agent = new HttpsAgent({ policy: { maxRequestsPerConnection: 7 } })
`

const MEASURING = `
import { HttpAgent } from '@holdfast/http-agent'
import { measureWithOpenTelemetry } from '@holdfast/http-agent/opentelemetry'
import { measureWithPrometheus } from '@holdfast/http-agent/prometheus'

for (const measure of [measureWithOpenTelemetry, measureWithPrometheus]) {
  await measure(new HttpAgent()).catch(({ code, message }) => console.log(code, message))
}
`

const NODES = [
  ['20', repositoryPath('node_modules/node20/bin/node')],
  ['22', repositoryPath('node_modules/node22/bin/node')],
  ['24', repositoryPath('node_modules/node24/bin/node')],
  ['26', process.execPath],
] as const

describe('a project that installs the agents', () => {
  let consumer: Consumer

  beforeAll(async () => {
    consumer = await Consumer.install([tarball('core'), tarball('http-agent')])
    return () => consumer[Symbol.asyncDispose]()
  })

  it('gets core and nothing else', () => {
    expect(existsSync(consumer.path('node_modules/@holdfast/core'))).toBe(true)
    expect(existsSync(consumer.path('node_modules/undici'))).toBe(false)
  })

  it.for(NODES)('imports them on Node %s', async ([major, node]) => {
    const { out, err } = await consumer.run(node, 'imports.mjs', IMPORTING + TELLING)

    expect(err).toBe('')
    expect(out).toMatch(new RegExp(`^v${major}\\.\\S+ true true\n$`, 'u'))
  })

  it.for(NODES)('requires them on Node %s', async ([major, node]) => {
    const { out, err } = await consumer.run(node, 'requires.cjs', REQUIRING + TELLING)

    expect(err).toBe('')
    expect(out).toMatch(new RegExp(`^v${major}\\.\\S+ true true\n$`, 'u'))
  })

  it('is told which library to install where it measures without one', async () => {
    const { out } = await consumer.run(process.execPath, 'measures.mjs', MEASURING)

    expect(out.trim().split('\n')).toEqual(
      ['@opentelemetry/api@^1.9.0', 'prom-client@^15.0.0'].map((library) => {
        const name = library.slice(0, library.lastIndexOf('@'))
        return `ERR_HOLDFAST_MISSING_PEER ${name} is not installed; install it by: npm install ${library}`
      }),
    )
  })

  it.for(['module.mts', 'commonjs.cts'])('type-checks in %s', async (file) => {
    const imports = IMPORTING.replaceAll('import http', 'import type http')

    expect(await consumer.compile(file, imports + USING)).toBe('')
  })

  it.for(['sockets', 'freeSockets', 'requests', 'totalSocketCount'])(
    'does not type-check where %s is assigned to',
    async (name) => {
      const source = `${IMPORTING}new HttpAgent().${name} = new HttpAgent().${name}\n`

      expect(await consumer.compile('assigns.mts', source)).toContain(
        `Cannot assign to '${name}' because it is a read-only property`,
      )
    },
  )

  it('does not type-check with an option that does not exist', async () => {
    const source = `${IMPORTING}export const plain = new HttpAgent({ policy: { idleTimeout: 1 } })\n`

    expect(await consumer.compile('wrong.mts', source)).toContain(
      "'idleTimeout' does not exist in type 'PolicyOptions'",
    )
  })
})
