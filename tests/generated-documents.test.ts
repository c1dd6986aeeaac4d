import { cp, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'
import { expect, it } from 'vitest'
import { clientsDocument } from '../scripts/clients-document.ts'
import { eventOrderDocument } from '../scripts/event-order-document.ts'
import { identityDocument } from '../scripts/identity-document.ts'
import { internalsDocument } from '../scripts/internals-document.ts'
import { lifecycleDocument } from '../scripts/lifecycle-document.ts'
import { policyOptionsSource, policyTable } from '../scripts/policy-documents.ts'
import { profilesDocument } from '../scripts/profiles-document.ts'
import { requestLifecycleDocument } from '../scripts/request-lifecycle-document.ts'
import { resultSchemas } from '../scripts/result-schemas.ts'
import { tcpDocument } from '../scripts/tcp-document.ts'
import { repositoryPath } from './workspace/repository-path.ts'
import { type Outcome, runProgram } from './workspace/run-program.ts'
import { TemporaryDirectory } from './workspace/temporary-directory.ts'

const CLIENTS = 'docs/clients.md'
const IDENTITY = 'docs/identity.md'
const EVENT_ORDER = 'docs/event-order.md'
const DIFFERENCES = 'packages/http-agent/test/every-line/event-order/decided-differences.ts'
const INTERNALS = 'docs/node-internals.md'
const LIFECYCLE = 'docs/lifecycle.md'
const REQUEST_LIFECYCLE = 'docs/request-lifecycle.md'
const OPTIONS = 'packages/core/src/policies/policy-options.ts'
const OPTIONS_PAGE = 'docs/options.md'
const TCP_STATES = 'docs/tcp-states.md'
const PROFILES = 'docs/upstream-profiles.md'

const read = (path: string): Promise<string> => readFile(repositoryPath(path), 'utf8')

const generate = (cwd: string, ...args: string[]): Promise<Outcome> =>
  runProgram(process.execPath, ['scripts/generate-docs.ts', ...args], { cwd })

const MANIFESTS = ['core', 'http-agent', 'bench'].map((name) => `packages/${name}/package.json`)
const CLIENT_VERSIONS = ['lines/node20', 'lines/node26', 'runtimes'].map(
  (folder) => `tests/clients/${folder}/package.json`,
)
const SOURCES = ['packages/core/src', 'packages/http-agent/src', 'tests/clients/play', 'examples']

/** A copy of what the generator reads and writes, with one text replaced in one file. */
const changedCopy = async (path: string, from: string, to: string): Promise<TemporaryDirectory> => {
  const directory = await TemporaryDirectory.create()
  const manifests = ['package.json', ...MANIFESTS, ...CLIENT_VERSIONS]
  for (const part of [...manifests, 'docs', 'scripts', ...SOURCES, DIFFERENCES]) {
    await cp(repositoryPath(part), join(directory.path, part), { recursive: true })
  }
  const copy = join(directory.path, path)
  const text = await readFile(copy, 'utf8')
  if (!text.includes(from)) throw new Error(`${path} has no ${from}`)
  await writeFile(copy, text.replace(from, to))
  return directory
}

it('the lifecycle documents say what the tables of moves say', async () => {
  expect(await read(LIFECYCLE)).toBe(lifecycleDocument())
  expect(await read(REQUEST_LIFECYCLE)).toBe(requestLifecycleDocument())
})

it('the document on clients says what the table of the suite says', async () => {
  expect(await read(CLIENTS)).toBe(clientsDocument())
})

it('the document on what is undocumented says what the comments say', async () => {
  expect(await read(INTERNALS)).toBe(internalsDocument())
})

it('the document on identities says what the table of options says', async () => {
  expect(await read(IDENTITY)).toBe(identityDocument())
})

it('the document on the order of events says what its table says', async () => {
  expect(await read(EVENT_ORDER)).toBe(eventOrderDocument())
})

it('the documents on TCP and on upstreams say what their tables say', async () => {
  expect(await read(TCP_STATES)).toBe(tcpDocument())
  expect(await read(PROFILES)).toBe(profilesDocument())
})

it("the policy's option type says what the table of limits says", async () => {
  expect(await read(OPTIONS)).toBe(policyOptionsSource())
})

it('the page of options shows the table of limits', async () => {
  expect(await read(OPTIONS_PAGE)).toContain(`\n\n${policyTable()}\n\n`)
})

it('the schemas of bench say what its types say', async () => {
  const schemas = Object.entries(resultSchemas())

  expect(schemas.map(([path]) => path)).toContain('packages/bench/schemas/watch-result.schema.json')
  for (const [path, content] of schemas) {
    expect(await read(path), `${path} is behind its type: run pnpm docs`).toBe(content)
  }
})

it('the generator finds nothing behind', async () => {
  expect(await generate(repositoryPath(), '--check')).toEqual({ code: 0, out: '', err: '' })
})

it.for([
  [CLIENTS, 'all served', 'all lost'],
  [IDENTITY, 'by reference', 'by chance'],
  [INTERNALS, 'documented', 'undocumented'],
  [LIFECYCLE, 'being dialled', 'being called'],
  [REQUEST_LIFECYCLE, 'given up by', 'forgotten by'],
  [EVENT_ORDER, 'one by one', 'two by two'],
  [TCP_STATES, 'TIME_WAIT', 'TIME_WEIGHT'],
  [PROFILES, 'nginx', 'enginex'],
  [OPTIONS, 'readonly idleTimeoutMs?: number', 'readonly idleTimeoutMs?: string'],
  [OPTIONS_PAGE, '| `idleTimeoutMs` | `55_000` |', '| `idleTimeoutMs` | `56_000` |'],
] as const)('the generator notices a changed %s, and mends it', async ([path, from, to]) => {
  await using copy = await changedCopy(path, from, to)

  expect(await generate(copy.path, '--check')).toMatchObject({
    code: 1,
    err: `${path} is behind its source: run pnpm docs\n`,
  })
  expect((await generate(copy.path)).code).toBe(0)
  expect(await readFile(join(copy.path, path), 'utf8')).toBe(await read(path))
})

it('the generator notices a changed table in every document that shows it', async () => {
  const limits = 'packages/core/src/policies/limits.ts'
  await using copy = await changedCopy(limits, 'default: 55_000', 'default: 54_000')

  const { code, err } = await generate(copy.path, '--check')

  expect(code).toBe(1)
  expect(err).toContain(`${OPTIONS_PAGE} is behind`)
  expect(err).toContain(`${OPTIONS} is behind`)
})

it('the generator notices a new address of the repository in the manifest of every package', async () => {
  await using copy = await changedCopy('package.json', 'example.com/holdfast', 'example.org/kelp')

  const { code, err } = await generate(copy.path, '--check')

  expect(code).toBe(1)
  for (const manifest of MANIFESTS) expect(err).toContain(`${manifest} is behind`)
  await generate(copy.path)
  const written = await readFile(join(copy.path, MANIFESTS[0] ?? ''), 'utf8')
  expect(JSON.parse(written)).toMatchObject({
    homepage: 'https://example.org/kelp/holdfast/tree/main/packages/core#readme',
    bugs: { url: 'https://example.org/kelp/holdfast/issues' },
    repository: { url: 'git+https://example.org/kelp/holdfast.git', directory: 'packages/core' },
  })
})

it.for([
  [LIFECYCLE, 'connection/lifecycle.ts', "leased: 'leased'", "leased: 'draining'"],
  [REQUEST_LIFECYCLE, 'request/request-lifecycle.ts', "passed: 'sending'", "passed: 'sent'"],
] as const)(
  'the generator notices a move that %s does not know',
  async ([path, table, from, to]) => {
    await using copy = await changedCopy(`packages/core/src/${table}`, from, to)

    expect(await generate(copy.path, '--check')).toMatchObject({
      code: 1,
      err: `${path} is behind its source: run pnpm docs\n`,
    })
  },
)
