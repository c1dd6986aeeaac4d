import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { after, it, type TestContext } from 'node:test'
import { installProject } from './install-project.ts'
import { serveHttp } from './loopback.ts'
import { MODULE_KINDS, runRegistered } from './registered-process.ts'

const OURS = ['HttpAgent', 'HttpsAgent', 'KeepAliveDispatcher', 'KeepAliveDispatcher']

const project = installProject('undici')
const temporary = mkdtempSync(join(tmpdir(), 'holdfast-register-'))

after(() => {
  rmSync(project, { recursive: true })
  rmSync(temporary, { recursive: true })
})

const PUBLISHED = `
  const { readPublishedPools } = await import('@holdfast/http-agent/publish')
  const read = async () => (await readPublishedPools(process.pid)).map(({ name }) => name)
  let names = await read()
  while (names.length < 3) names = await read()
`

for (const [what, kind] of Object.entries(MODULE_KINDS)) {
  it(`serves the threads of ${what}`, async (context) => {
    const server = await serveHttp(context as TestContext)
    const { code, said, err } = await runRegistered({
      project,
      kind,
      registration: '--import',
      source: `
        const { isMainThread, Worker } = await import('node:worker_threads')
        const url = 'http://127.0.0.1:' + process.argv[2]
        for (let count = 0; count < 3; count++) await get(url)
        if (isMainThread) {
          const thread = new Worker(process.argv[1], { argv: process.argv.slice(2), stdout: true })
          let text = ''
          thread.stdout.on('data', (chunk) => { text += chunk })
          await new Promise((resolve) => thread.once('exit', resolve))
          say(JSON.parse(text))
        }
        say(globals())`,
      args: [server.port],
    })
    assert.equal(err, '')
    assert.deepEqual({ code, said }, { code: 0, said: [OURS, OURS] })
    assert.equal(server.connectionCount(), 2)
  })

  it(`serves and publishes the processes of a cluster of ${what}`, async (context) => {
    const server = await serveHttp(context as TestContext)
    const { code, said, err } = await runRegistered({
      project,
      kind,
      registration: '--import',
      source: `
        const { default: cluster } = await import('node:cluster')
        if (cluster.isPrimary) {
          const heard = []
          // Nothing but what the service itself listens on.
          cluster.on('listening', () => heard.push('listening'))
          cluster.on('message', (_worker, message) => heard.push(message))
          cluster.fork()
          await new Promise((resolve) => cluster.once('exit', (_worker, code) => resolve(heard.push(code))))
          say(heard)
        } else {
          for (let count = 0; count < 3; count++) await get('http://127.0.0.1:' + process.argv[2])
          ${PUBLISHED}
          process.send({ globals: globals(), names }, () => cluster.worker.disconnect())
        }`,
      args: [server.port],
      environment: { HOLDFAST_PUBLISH: 'api', TMPDIR: temporary },
    })
    assert.equal(err, '')
    assert.equal(code, 0)
    assert.deepEqual(said, [[{ globals: OURS, names: ['api http', 'api https', 'api undici'] }, 0]])
    assert.equal(server.connectionCount(), 1)
  })
}

it('serves the service where its pools cannot be published', async (context) => {
  if (existsSync(`/run/user/${process.getuid?.()}`)) {
    context.diagnostic('the system has a directory for users')
    return
  }
  const { code, said, err } = await runRegistered({
    project,
    kind: MODULE_KINDS['a CommonJS service'],
    registration: '--import',
    source: 'say(globals())',
    environment: { HOLDFAST_PUBLISH: 'api', TMPDIR: join(temporary, 'x'.repeat(200)) },
  })
  assert.deepEqual({ code, said }, { code: 0, said: [OURS] })
  assert.equal(err.match(/\[HOLDFAST_NOT_PUBLISHED\] Warning: The pools are not/gu)?.length, 1)
  assert.match(err, /is longer than a socket's path may be/u)
})
