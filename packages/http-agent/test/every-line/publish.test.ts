import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { text } from 'node:stream/consumers'
import { it, type TestContext } from 'node:test'
import { HttpAgent } from '@holdfast/http-agent'
import { publishPool, readPublishedPools } from '@holdfast/http-agent/publish'
import { runtimeDirectories } from '../../dist/publish/runtime-directory.js'
import { exchange } from './exchange.ts'
import { fakeClock } from './fake-clock.ts'
import { forTest, serveHttp } from './loopback.ts'

/** Where this process publishes: a directory of its own where the system has none for users. */
const temporary = mkdtempSync(join(tmpdir(), 'holdfast-publish-'))
process.env['TMPDIR'] = temporary
process.on('exit', () => rmSync(temporary, { recursive: true, force: true }))

const socketsOf = (pid: number): string[] =>
  runtimeDirectories(process.getuid?.() ?? 0).flatMap((directory) => {
    try {
      const names = readdirSync(directory).filter((name) => name.startsWith(`${pid}-`))
      return names.map((name) => join(directory, name))
    } catch {
      return []
    }
  })

const agentWithIdle = async (context: TestContext): Promise<{ agent: HttpAgent; port: number }> => {
  const { port } = await serveHttp(context, (_, response) => response.end('ok'))
  const agent = forTest(context, new HttpAgent())
  await exchange({ agent, port })
  return { agent, port }
}

it('shows what its pools are doing when it is asked, by name', async (context) => {
  // A process that takes its time to answer is left out.
  fakeClock(context)
  const { agent, port } = await agentWithIdle(context)
  const other = forTest(context, new HttpAgent())
  const publications = [await publishPool(agent, { name: 'one' }), await publishPool(other)]
  const reports = await readPublishedPools(process.pid)

  assert.deepEqual(
    reports.map(({ name }) => name),
    ['one', 'pool'],
  )
  assert.equal(reports[0]?.stats.idle, 1)
  assert.equal(reports[0].connections[0]?.remotePort, port)
  assert.equal(reports[0].connections[0].tcpState, 'ESTABLISHED')
  assert.deepEqual(reports[1]?.connections, [])

  await publications[0]?.stop()
  assert.equal((await readPublishedPools(process.pid)).length, 1)
  await publications[1]?.stop()
  assert.deepEqual(socketsOf(process.pid), [])
  assert.deepEqual(await readPublishedPools(process.pid), [])
})

it('is reached by its user alone', async () => {
  const publication = await publishPool(new HttpAgent())
  const [path = ''] = socketsOf(process.pid)

  assert.equal(statSync(path).mode % 0o1000, 0o600)
  assert.equal(statSync(join(path, '..')).mode % 0o1000, 0o700)
  await publication.stop()
})

it('refuses a directory that others can enter', async (context) => {
  const [, directory = ''] = runtimeDirectories(process.getuid?.() ?? 0)
  if (!directory.startsWith(temporary) || socketsParent() !== directory) {
    context.diagnostic('the system has a directory for users')
    return
  }
  chmodSync(directory, 0o755)
  await assert.rejects(
    publishPool(new HttpAgent()),
    /must be a directory that nobody but its user/u,
  )
  rmSync(directory, { recursive: true })
  const elsewhere = mkdtempSync(join(temporary, 'elsewhere-'))
  symlinkSync(elsewhere, directory)
  await assert.rejects(
    publishPool(new HttpAgent()),
    /must be a directory that nobody but its user/u,
  )
  rmSync(directory)
  // After a failure it can be tried again.
  await (await publishPool(new HttpAgent())).stop()
})

const PROGRAM = `
  import { HttpAgent } from '@holdfast/http-agent'
  import { publishPool } from '@holdfast/http-agent/publish'
  await publishPool(new HttpAgent())
`

it('keeps no process alive, and its socket goes with the process', async () => {
  const file = new URL(`publishing-${process.pid}.mjs`, import.meta.url)
  writeFileSync(file, PROGRAM)
  try {
    const child = spawn(process.execPath, [file.pathname], { env: process.env })
    const [errors, [code]] = await Promise.all([text(child.stderr), once(child, 'close')])

    assert.equal(errors, '')
    assert.equal(code, 0)
    assert.deepEqual(socketsOf(child.pid ?? 0), [])
  } finally {
    rmSync(file)
  }
})

it('removes the sockets of processes that were killed', async () => {
  const program = `${PROGRAM}; console.log('ready'); setInterval(() => {}, 1e6)`
  const file = new URL(`killed-${process.pid}.mjs`, import.meta.url)
  writeFileSync(file, program)
  try {
    const child = spawn(process.execPath, [file.pathname], { env: process.env })
    await once(child.stdout, 'data')
    child.kill('SIGKILL')
    await once(child, 'close')
    assert.equal(socketsOf(child.pid ?? 0).length, 1)
    assert.deepEqual(await readPublishedPools(child.pid ?? 0), [])

    const publication = await publishPool(new HttpAgent())
    // The socket that nobody listens on is found out by asking.
    while (socketsOf(child.pid ?? 0).length > 0) await new Promise(setImmediate)
    await publication.stop()
  } finally {
    rmSync(file)
  }
})

/** Where a socket would be put. */
function socketsParent(): string {
  const [preferred = '', fallback = ''] = runtimeDirectories(process.getuid?.() ?? 0)
  try {
    statSync(join(preferred, '..'))
    return preferred
  } catch {
    return fallback
  }
}
