import { join } from 'node:path'
import process from 'node:process'
import { beforeAll, describe, expect, it } from 'vitest'
import { Consumer } from './packages/consumer.ts'
import { packInstalled } from './packages/pack-installed.ts'
import { packPackage } from './packages/pack-package.ts'
import { repositoryPath } from './workspace/repository-path.ts'
import { TemporaryDirectory } from './workspace/temporary-directory.ts'

/** The README says so, and a package manager tells it to whoever has another one. */
const ENGINES = { node: '^20.19.0 || >=22.12.0' }

const AGENTS = `
import { HttpAgent, HttpsAgent } from '@holdfast/http-agent'
console.log(new HttpAgent().stats().idle, new HttpsAgent().stats().idle)
`

const OPTIONAL = `
import { HttpAgent } from '@holdfast/http-agent'
import { measureWithOpenTelemetry } from '@holdfast/http-agent/opentelemetry'
import { measureWithPrometheus } from '@holdfast/http-agent/prometheus'

const tell = ({ code, message, found, wanted }) => console.log(code, message, '|', found, '|', wanted)
await import('@holdfast/http-agent/undici').catch(tell)
for (const measure of [measureWithPrometheus, measureWithOpenTelemetry]) {
  await measure(new HttpAgent()).catch(tell)
}
`

/** The oldest that a project may have of its own, and the newest that is too old. */
const OLD_API = { name: '@opentelemetry/api', version: '1.8.0', main: 'index.js' }

describe('a project with libraries of its own that are too old for the optional entries', () => {
  let consumer: Consumer

  beforeAll(async () => {
    const directory = await TemporaryDirectory.create()
    await directory.write('api/package.json', JSON.stringify(OLD_API))
    await directory.write('api/index.js', 'exports.metrics = {}\n')
    const folders = [
      repositoryPath('node_modules/undici6'),
      repositoryPath('node_modules/prom-client14'),
      join(directory.path, 'api'),
    ]
    const tarballs: string[] = []
    for (const folder of folders) tarballs.push(...(await packInstalled(folder, directory.path)))
    for (const name of ['core', 'http-agent']) {
      tarballs.push(await packPackage(name, directory.path))
    }
    consumer = await Consumer.install(tarballs)
    return async () => {
      await consumer[Symbol.asyncDispose]()
      await directory[Symbol.asyncDispose]()
    }
  })

  it('can install the agents, and use them', async () => {
    const outcome = await consumer.run(process.execPath, 'agents.mjs', AGENTS)

    expect(outcome).toEqual({ code: 0, out: '0 0\n', err: '' })
  })

  it('is told what is too old where it uses such an entry', async () => {
    const { out, err } = await consumer.run(process.execPath, 'optional.mjs', OPTIONAL)

    expect(err).toBe('')
    expect(out.trim().split('\n')).toEqual([
      'ERR_HOLDFAST_MISSING_PEER undici 6.29.1 is installed, and this needs ^7.30.0 || ^8.12.0; install it by: npm install undici@^7.30.0 | 6.29.1 | ^7.30.0 || ^8.12.0',
      'ERR_HOLDFAST_MISSING_PEER prom-client 14.2.0 is installed, and this needs ^15.0.0; install it by: npm install prom-client@^15.0.0 | 14.2.0 | ^15.0.0',
      'ERR_HOLDFAST_MISSING_PEER @opentelemetry/api 1.8.0 is installed, and this needs ^1.9.0; install it by: npm install @opentelemetry/api@^1.9.0 | 1.8.0 | ^1.9.0',
    ])
  })
})

describe.for(['core', 'http-agent', 'bench'])('%s', (name) => {
  it('says which lines of Node it runs on', async () => {
    const manifest = await import(repositoryPath(`packages/${name}/package.json`), {
      with: { type: 'json' },
    })

    expect(manifest.default.engines).toEqual(ENGINES)
  })
})
