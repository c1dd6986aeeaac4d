import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import process from 'node:process'
import { beforeAll, describe, expect, it } from 'vitest'
import { Consumer } from './packages/consumer.ts'
import { packPackage } from './packages/pack-package.ts'
import { repositoryPath } from './workspace/repository-path.ts'
import type { Outcome } from './workspace/run-program.ts'
import { TemporaryDirectory } from './workspace/temporary-directory.ts'

const tarballs: string[] = []

beforeAll(async () => {
  const directory = await TemporaryDirectory.create()
  for (const name of ['core', 'http-agent']) tarballs.push(await packPackage(name, directory.path))
  return () => directory[Symbol.asyncDispose]()
})

const UNDICIS = {
  'undici 7': repositoryPath('packages/http-agent/node_modules/undici'),
  'undici 8': repositoryPath('packages/http-agent/node_modules/undici8'),
} as const

const NODE_TYPES = {
  'Node 22': repositoryPath('node_modules/@types/node'),
  'Node 26': repositoryPath('node_modules/types-node26'),
} as const

const LINES = [
  ...['node20', 'node22', 'node24'].map((name) => repositoryPath(`node_modules/${name}/bin/node`)),
  process.execPath,
]

const SERVED = 'http://localhost:8080/'

/** What the page of the dispatcher shows, as one module. */
const documentedUses = async (): Promise<string> => {
  const page = await readFile(repositoryPath('docs/dispatcher.md'), 'utf8')
  const blocks = [...page.matchAll(/```js\n(?<code>[\s\S]*?)```/gu)]
  expect(blocks).toHaveLength(3)
  const lines = blocks.flatMap(({ groups }) => (groups?.['code'] ?? '').split('\n'))
  // Each block imports what it uses.
  const isRepeated = (line: string, index: number): boolean =>
    line.startsWith('import ') && lines.indexOf(line) < index
  return lines.filter((line, index) => !isRepeated(line, index)).join('\n')
}

const USING = `
import { KeepAliveDispatcher, type KeepAliveDispatcherOptions } from '@holdfast/http-agent/undici'
import { type Dispatcher, fetch as npmFetch, interceptors, request, setGlobalDispatcher } from 'undici'

const url = 'http://localhost:8080/'
const options: KeepAliveDispatcherOptions = { connections: 50, connect: { timeout: 1_000 } }
await using dispatcher = new KeepAliveDispatcher(options)
export const asDispatcher: Dispatcher = dispatcher
export const byNode: Response = await fetch(url, { dispatcher })
export const byUndici = await npmFetch(url, { dispatcher })
const patient = dispatcher.compose(interceptors.retry(), interceptors.dns())
const own = patient.compose((dispatch) => (asked, handler) => dispatch({ ...asked, path: '/' }, handler))
export const { body } = await request(url, { dispatcher: own })
export const composed: Response = await fetch(url, { dispatcher: patient })
export const idle: number = patient.stats().idle
setGlobalDispatcher(dispatcher)
setGlobalDispatcher(own)
`

const WRONG = `
import { KeepAliveDispatcher } from '@holdfast/http-agent/undici'

new KeepAliveDispatcher({ connection: 50 })
new KeepAliveDispatcher().dispatch({ path: '/' }, {})
`

/** Runs what its page shows against a server of this process. */
const runDocumented = async (
  consumer: Consumer,
  node: string,
): Promise<{ readonly outcome: Outcome; readonly requestCount: number }> => {
  let requestCount = 0
  const server = createServer((_request, response) => {
    requestCount++
    response.end('ok')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const served = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const uses = (await documentedUses()).replaceAll(SERVED, served)
  const end = `await Promise.all([response.text(), body.text(), fetch('${served}')])`
  const outcome = await consumer.run(node, 'documented.mjs', `${uses}\n${end}\n`)
  server.close()
  return { outcome, requestCount }
}

const COMBINATIONS = Object.entries(UNDICIS).flatMap(([name, undici]) =>
  Object.entries(NODE_TYPES).map(([line, types]) => [`${name}, types of ${line}`, undici, types]),
) as readonly (readonly [string, string, string])[]

describe.for(COMBINATIONS)('beside %s', ([name, undici, types]) => {
  let consumer: Consumer

  beforeAll(async () => {
    consumer = await Consumer.install(tarballs, { undici, '@types/node': types })
    return () => consumer[Symbol.asyncDispose]()
  })

  it('the dispatcher type-checks wherever one is taken', async () => {
    expect(await consumer.compile('uses.mts', USING)).toBe('')
  })

  it('what its page shows type-checks', async () => {
    expect(await consumer.compile('documented.mts', await documentedUses())).toBe('')
  })

  it('an option or a request that is wrong does not', async () => {
    const complaints = await consumer.compile('wrong.mts', WRONG)

    expect(complaints).toContain("'connection' does not exist in type")
    expect(complaints).toContain("Property 'method' is missing")
  })

  it('what its page shows runs on each line of Node', async () => {
    // undici 8 does not load on Node 20.
    for (const line of name.startsWith('undici 8') ? LINES.slice(1) : LINES) {
      const { outcome, requestCount } = await runDocumented(consumer, line)

      expect(outcome).toEqual({ code: 0, out: '', err: '' })
      expect(requestCount).toBe(3)
    }
  })
})
