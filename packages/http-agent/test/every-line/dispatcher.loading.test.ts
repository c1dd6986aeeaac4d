import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { after, before, describe, it } from 'node:test'
import { installProject } from './install-project.ts'

const major = Number(process.versions.node.split('.', 1)[0])

/** Runs a program in the project, and returns what it says. */
const run = (project: string, source: string): unknown => {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ['--input-type=module', '--eval', source],
    { cwd: project, encoding: 'utf8', env: {} },
  )
  assert.equal(stderr, '')
  return JSON.parse(stdout)
}

const GLOBALS = `
const globals = () => [1, 2].map((n) => globalThis[Symbol.for('undici.globalDispatcher.' + n)])
const say = (value) => process.stdout.write(JSON.stringify(value))
`

const VERSIONS = [
  ['undici 7', 'undici'],
  ...(major >= 22 ? [['undici 8', 'undici8']] : []),
] as const

for (const [name, library] of VERSIONS) {
  describe(`beside ${name}`, () => {
    let project: string

    before(() => {
      project = installProject(library)
    })

    after(() => rmSync(project, { recursive: true }))

    it('the agents do not load undici', () => {
      const source = `
        import { HttpAgent } from '@holdfast/http-agent'
        import { createRequire } from 'node:module'
        new HttpAgent()
        const loaded = Object.keys(createRequire(import.meta.url).cache)
        process.stdout.write(JSON.stringify(loaded.filter((path) => path.includes('undici'))))`
      assert.deepEqual(run(project, source), [])
    })

    it('the dispatcher leaves the one of the fetch of Node where it was', () => {
      const source = `${GLOBALS}
        globalThis.Response
        const before = globals()
        const { KeepAliveDispatcher } = await import('@holdfast/http-agent/undici')
        const kept = globals().map((value, index) => before[index] === undefined || value === before[index])
        const { Dispatcher } = await import('undici')
        say([...kept, new KeepAliveDispatcher() instanceof Dispatcher])`
      assert.deepEqual(run(project, source), [true, true, true])
    })

    it('the dispatcher puts none of undici there before the fetch of Node has its own', () => {
      const source = `${GLOBALS}
        await import('@holdfast/http-agent/undici')
        const { Agent, getGlobalDispatcher } = await import('undici')
        say([globals()[0] instanceof Agent, getGlobalDispatcher() !== undefined])`
      const [isOfUndici, hasOne] = run(project, source) as [boolean, boolean]
      assert.deepEqual({ isOfUndici, hasOne }, { isOfUndici: false, hasOne: true })
    })

    it('undici by itself puts its own there', () => {
      const source = `${GLOBALS}
        if (${library === 'undici8'}) globalThis.Response
        const before = globals()[0]
        await import('undici')
        say(globals()[0] !== before)`
      // From Node 24 on, the undici of Node leaves undici 8 nothing to put there.
      assert.equal(run(project, source), library === 'undici' || major < 24)
    })

    it('is required by a script of the command line', () => {
      const source = `typeof require('@holdfast/http-agent/undici').KeepAliveDispatcher`
      const { stdout, stderr } = spawnSync(process.execPath, ['--print', source], {
        cwd: project,
        encoding: 'utf8',
        env: {},
      })
      assert.deepEqual({ stdout, stderr }, { stdout: 'function\n', stderr: '' })
    })

    it('a dispatcher that the caller had set stays', () => {
      const source = `${GLOBALS}
        import { setGlobalDispatcher, getGlobalDispatcher, Agent } from 'undici'
        const mine = new Agent()
        setGlobalDispatcher(mine)
        const before = globals()
        await import('@holdfast/http-agent/undici')
        say([...globals().map((value, index) => value === before[index]), getGlobalDispatcher() === mine])`
      assert.deepEqual(run(project, source), [true, true, true])
    })

    it('serves the fetch of Node', () => {
      const source = `${GLOBALS}
        import http from 'node:http'
        import { KeepAliveDispatcher } from '@holdfast/http-agent/undici'
        const server = http.createServer((_request, response) => response.end('ok')).listen(0)
        await new Promise((resolve) => server.once('listening', resolve))
        const dispatcher = new KeepAliveDispatcher()
        const response = await fetch('http://localhost:' + server.address().port, { dispatcher })
        say(await response.text())
        await dispatcher.close()
        server.close()`
      assert.equal(run(project, source), 'ok')
    })
  })
}

describe('without undici', () => {
  let project: string

  before(() => {
    project = installProject(undefined)
  })

  after(() => rmSync(project, { recursive: true }))

  it('the agents load', () => {
    const source = `${GLOBALS} say(typeof (await import('@holdfast/http-agent')).HttpAgent)`
    assert.equal(run(project, source), 'function')
  })

  it('the dispatcher says what to install', () => {
    const source = `${GLOBALS}
      import('@holdfast/http-agent/undici').catch(({ code, message }) => say([code, message]))`
    assert.deepEqual(run(project, source), [
      'ERR_HOLDFAST_MISSING_PEER',
      'undici is not installed; install it by: npm install undici@^7.30.0',
    ])
  })
})

describe('beside something else in the place of undici', () => {
  let project: string

  before(() => {
    project = installProject(undefined)
    const folder = join(project, 'node_modules/undici')
    mkdirSync(folder)
    writeFileSync(join(folder, 'index.js'), 'exports.Dispatcher = class Dispatcher {}')
  })

  after(() => rmSync(project, { recursive: true }))

  it('the dispatcher says so, instead of sending nothing', () => {
    const source = `${GLOBALS}
      import('@holdfast/http-agent/undici').catch(({ code, message }) => say([code, message]))`
    assert.deepEqual(run(project, source), [
      'ERR_HOLDFAST_MISSING_PEER',
      'what is loaded as undici is a stand-in that sends nothing, such as the one that Bun brings; use HttpAgent and HttpsAgent there',
    ])
  })
})
