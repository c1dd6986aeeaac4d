import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer, type Socket } from 'node:net'
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

it('leaves alone whatever is no socket of a process that is gone', async () => {
  const publication = await publishPool(new HttpAgent())
  const directory = socketsParent()
  await publication.stop()
  const gone = spawn(process.execPath, ['--version'])
  await once(gone, 'close')
  const name = (pid: number | undefined): string => join(directory, `${pid}-${randomUUID()}.sock`)
  const left = {
    file: join(directory, 'notes.txt'),
    namedAsSocket: name(gone.pid),
    directory: join(directory, 'sub'),
    directoryNamedAsSocket: name(gone.pid),
    link: name(gone.pid),
    foreignSocket: join(directory, 'other.sock'),
    livingProcess: name(process.pid),
  }
  const dead = name(gone.pid)
  for (const file of [left.file, left.namedAsSocket]) writeFileSync(file, 'mine')
  for (const folder of [left.directory, left.directoryNamedAsSocket]) mkdirSync(folder)
  symlinkSync(left.file, left.link)
  for (const path of [dead, left.foreignSocket, left.livingProcess]) await leaveDeadSocket(path)

  const again = await publishPool(new HttpAgent())
  while (existsSync(dead)) await new Promise(setImmediate)
  await again.stop()
  for (const [what, path] of Object.entries(left)) {
    assert.ok(lstatSync(path, { throwIfNoEntry: false }), what)
    rmSync(path, { recursive: true })
  }
})

/** Answers in the name of this process, as somebody else might. */
const answerAs = async (
  context: TestContext,
  answer: (socket: Socket) => void,
  mode = 0o700,
): Promise<void> => {
  const directory = socketsParent()
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const path = join(directory, `${process.pid}-${randomUUID()}.sock`)
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    answer(socket)
  })
  server.listen(path)
  await once(server, 'listening')
  chmodSync(directory, mode)
  context.after(() => {
    chmodSync(directory, 0o700)
    server.close()
  })
}

const report = (): Record<string, unknown> => {
  const agent = new HttpAgent()
  const pool = { name: 'x', stats: agent.stats(), connections: [] }
  return { schema: 'holdfast.pools/1', pid: process.pid, pools: [pool] }
}

it('reads an answer that is a report', async (context) => {
  const answer = JSON.stringify(report())
  await answerAs(context as TestContext, (socket) => socket.end(answer))
  assert.equal((await readPublishedPools(process.pid)).length, 1)
})

for (const [what, change] of Object.entries<object>({
  'no pools': { pools: undefined },
  'a pool that is nothing': { pools: [null] },
  'a pool without figures': { pools: [{ name: 'x', connections: [] }] },
  'figures that are none': { pools: [{ name: 'x', stats: { idle: '3' }, connections: [] }] },
  'a name that is none': { pools: [{ name: {}, stats: {}, connections: [] }] },
  'another process': { pid: process.pid + 1 },
  'another schema': { schema: 'holdfast.pools/2' },
})) {
  it(`passes over an answer that is no report: ${what}`, async (context) => {
    const answer = JSON.stringify({ ...report(), ...change })
    await answerAs(context as TestContext, (socket) => socket.end(answer))
    assert.deepEqual(await readPublishedPools(process.pid), [])
  })
}

for (const [what, answer] of Object.entries<(socket: Socket) => void>({
  'no JSON': (socket) => socket.end('{'),
  'nothing, for good': () => undefined,
  'bytes without end': (socket) => {
    const write = (): void => {
      while (socket.writable && socket.write(Buffer.alloc(65_536, 0x20)));
    }
    socket.on('drain', write)
    write()
  },
})) {
  it(`passes over what is no answer: ${what}`, async (context) => {
    await answerAs(context as TestContext, answer)
    assert.deepEqual(await readPublishedPools(process.pid), [])
  })
}

it('asks nobody in a directory that others can enter', async (context) => {
  const answer = JSON.stringify(report())
  await answerAs(context as TestContext, (socket) => socket.end(answer), 0o755)
  assert.deepEqual(await readPublishedPools(process.pid), [])
})

/** A socket that nobody listens on. */
async function leaveDeadSocket(path: string): Promise<void> {
  const server = createServer().listen(`${path}.new`)
  await once(server, 'listening')
  // A server removes what it has made by its name.
  renameSync(`${path}.new`, path)
  server.close()
  await once(server, 'close')
}

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
