import assert from 'node:assert/strict'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import process from 'node:process'
import { after, before, describe, it, type TestContext } from 'node:test'
import { installProject } from './install-project.ts'
import { serveHttp } from './loopback.ts'
import { MODULE_KINDS, REGISTRATIONS, runRegistered } from './registered-process.ts'

const major = Number(process.versions.node.split('.', 1)[0])

const OURS = ['HttpAgent', 'HttpsAgent', 'KeepAliveDispatcher', 'KeepAliveDispatcher']

const IMPORTED: readonly (readonly [name: string, undici: string])[] = [
  ['undici 7', 'undici'],
  ...(major >= 22 ? [['undici 8', 'undici8'] as const] : []),
]

/** Asks three times in a row by `http.get`, and three times by `fetch`. */
const SERVICE = `
  const url = 'http://127.0.0.1:' + process.argv[2]
  for (let count = 0; count < 3; count++) await get(url)
  for (let count = 0; count < 3; count++) await (await fetch(url)).text()
  say(globals())
  say(http.globalAgent.stats().idle)
  const { stats } = dispatchers()[0]
  say(typeof stats === 'function' ? dispatchers()[0].stats().idle : 'none of ours')
`

const projectFor = (undici: string | undefined): { readonly path: string } => {
  const project = { path: '' }
  before(() => {
    project.path = installProject(undici)
  })
  after(() => rmSync(project.path, { recursive: true }))
  return project
}

for (const [name, undici] of IMPORTED) {
  describe(`beside ${name}`, () => {
    const project = projectFor(undici)

    for (const [what, kind] of Object.entries(MODULE_KINDS)) {
      for (const registration of REGISTRATIONS) {
        it(`serves ${what}, which ends by itself, by ${registration}`, async (context) => {
          const server = await serveHttp(context as TestContext)
          const { code, said, err } = await runRegistered({
            project: project.path,
            kind,
            registration,
            source: SERVICE,
            args: [server.port],
          })
          assert.equal(err, '')
          assert.deepEqual(said, [OURS, 1, 1])
          assert.equal(code, 0)
          assert.equal(server.connectionCount(), 2)
        })
      }
    }

    it('stays where the service loads that undici', async () => {
      const { said, err } = await runRegistered({
        project: project.path,
        kind: MODULE_KINDS['an ESM service'],
        registration: '--import',
        source: `
          const { getGlobalDispatcher, Dispatcher } = await import('undici')
          say([...globals(), getGlobalDispatcher() instanceof Dispatcher])`,
      })
      assert.equal(err, '')
      assert.deepEqual(said, [[...OURS, true]])
    })
  })
}

describe('without undici', () => {
  const project = projectFor(undefined)

  for (const registration of REGISTRATIONS) {
    it(`replaces the agents alone, by ${registration}`, async (context) => {
      const server = await serveHttp(context as TestContext)
      const { code, said, err } = await runRegistered({
        project: project.path,
        kind: MODULE_KINDS['a CommonJS service'],
        registration,
        source: SERVICE,
        args: [server.port],
      })
      const [globals, idle] = said as [string[], number]
      assert.equal(err, '')
      assert.deepEqual([globals.slice(0, 2), idle], [OURS.slice(0, 2), 1])
      assert.ok(!globals.includes('KeepAliveDispatcher'))
      assert.equal(code, 0)
    })
  }

  it('shows them to what imports `globalAgent` by name', async () => {
    const { said } = await runRegistered({
      project: project.path,
      kind: MODULE_KINDS['an ESM service'],
      registration: 'its own first line',
      source: `
        const [plain, secure] = await Promise.all([import('node:http'), import('node:https')])
        say([plain.globalAgent === http.globalAgent, secure.globalAgent === https.globalAgent])`,
    })
    assert.deepEqual(said, [[true, true]])
  })

  it('leaves the time-out of requests as it is, and idle connections to the policy', async (context) => {
    const server = await serveHttp(context as TestContext)
    const { said, err } = await runRegistered({
      project: project.path,
      kind: MODULE_KINDS['a CommonJS service'],
      registration: '--require',
      source: `
        await get('http://127.0.0.1:' + process.argv[2])
        const [socket] = Object.values(http.globalAgent.freeSockets)[0]
        say([http.globalAgent.options.timeout, socket.timeout])`,
      args: [server.port],
    })
    assert.equal(err, '')
    assert.deepEqual(said, [[5000, 0]])
  })

  it('closes the connection of a request that asks for no agent', async (context) => {
    const server = await serveHttp(context as TestContext, (request, response) => {
      response.end(request.headers.connection)
    })
    const { code, said } = await runRegistered({
      project: project.path,
      kind: MODULE_KINDS['a CommonJS service'],
      registration: '--import',
      source: `
        const url = 'http://127.0.0.1:' + process.argv[2]
        const request = http.get(url, { agent: false }, async (response) => {
          for await (const chunk of response) say(String(chunk))
        })
        request.on('close', () => say(http.globalAgent.stats().dials))`,
      args: [server.port],
    })
    assert.deepEqual({ code, said }, { code: 0, said: ['close', 0] })
  })
})

describe('beside an undici that is too old', () => {
  const project = projectFor(undefined)

  it('says so, and replaces the agents', async () => {
    const folder = path.join(project.path, 'node_modules', 'undici')
    mkdirSync(folder)
    writeFileSync(path.join(folder, 'package.json'), '{"name":"undici","version":"6.1.0"}')
    writeFileSync(path.join(folder, 'index.js'), '')
    const { code, said, err } = await runRegistered({
      project: project.path,
      kind: MODULE_KINDS['a CommonJS service'],
      registration: '--import',
      source: 'say(globals().slice(0, 2))',
    })
    assert.deepEqual({ code, said }, { code: 0, said: [OURS.slice(0, 2)] })
    assert.match(err, /\[HOLDFAST_NO_DISPATCHER\] Warning: .*undici 6\.1\.0 is installed/u)
  })
})

describe('beside an undici that needs a newer Node', () => {
  const project = projectFor(undefined)

  it('says so, replaces the agents, and leaves the dispatcher of fetch as it was', async (context) => {
    const server = await serveHttp(context as TestContext)
    const folder = path.join(project.path, 'node_modules', 'undici')
    mkdirSync(folder)
    const manifest = { name: 'undici', version: '8.99.0', engines: { node: '>=999.1.0' } }
    writeFileSync(path.join(folder, 'package.json'), JSON.stringify(manifest))
    writeFileSync(
      path.join(folder, 'index.js'),
      `for (const n of [1, 2]) globalThis[Symbol.for('undici.globalDispatcher.' + n)] = {}; undefined.bind`,
    )
    const { code, said, err } = await runRegistered({
      project: project.path,
      kind: MODULE_KINDS['a CommonJS service'],
      registration: '--import',
      source: `
        say(globals().slice(0, 2))
        say(await (await fetch('http://127.0.0.1:' + process.argv[2])).text())`,
      args: [server.port],
    })
    assert.deepEqual({ code, said }, { code: 0, said: [OURS.slice(0, 2), 'ok'] })
    assert.equal(
      err.split('\n', 1)[0]?.replace(/^\(node:\d+\) /u, ''),
      `[HOLDFAST_NO_DISPATCHER] Warning: fetch and undici keep connections of their own: undici 8.99.0 needs Node >=999.1.0, and this is Node ${process.versions.node}; install one that runs here by: npm install undici@^7.30.0`,
    )
  })
})

// The real one, where that is so.
if (major < 22) {
  describe('beside undici 8 on a Node that it does not run on', () => {
    const project = projectFor('undici8')

    it('says which to install, and leaves the dispatcher of fetch as it was', async () => {
      const { code, said, err } = await runRegistered({
        project: project.path,
        kind: MODULE_KINDS['an ESM service'],
        registration: '--import',
        source: 'say(globals().slice(0, 2)); say(dispatchers()[0].constructor.name)',
      })
      assert.deepEqual({ code, said }, { code: 0, said: [OURS.slice(0, 2), 'Agent'] })
      assert.match(err, /undici 8\.\S+ needs Node >=22\S+ and this is Node 20/u)
      assert.match(err, /npm install undici@\^7/u)
    })
  })
}
