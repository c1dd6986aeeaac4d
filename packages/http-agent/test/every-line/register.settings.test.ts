import assert from 'node:assert/strict'
import { rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import process from 'node:process'
import { after, it } from 'node:test'
import { installProject } from './install-project.ts'
import { type Ended, MODULE_KINDS, runRegistered } from './registered-process.ts'

const project = installProject('undici')

after(() => rmSync(project, { recursive: true }))

const run = (environment: Readonly<Record<string, string>>, source: string): Promise<Ended> =>
  runRegistered({
    project,
    kind: MODULE_KINDS['an ESM service'],
    registration: '--import',
    source,
    environment,
  })

/** Settings, with what the file of HOLDFAST_CONFIG holds where there is one, and what is said of them. */
const REFUSED: readonly (readonly [
  environment: Readonly<Record<string, string>>,
  config: string | undefined,
  message: string,
])[] = [
  [
    { HOLDFAST_POLICY: '{"idleTimeoutMs":"5"}' },
    undefined,
    'HOLDFAST_POLICY.idleTimeoutMs must be a number from 1, or Infinity, got "5"',
  ],
  [{ HOLDFAST_POLICY: '{' }, undefined, 'HOLDFAST_POLICY must be JSON, got "{"'],
  [{ HOLDFAST_POLICY: '[]' }, undefined, 'HOLDFAST_POLICY must be an object, got an array'],
  [{ HOLDFAST_POLICY: 'null' }, undefined, 'HOLDFAST_POLICY must be an object, got null'],
  [
    { HOLDFAST_POLICY: '{"keepAliveTimeout":5000}' },
    undefined,
    'HOLDFAST_POLICY.keepAliveTimeout must be left out',
  ],
  [
    { HOLDFAST_POLICY: '{"__proto__":{"idleTimeoutMs":1}}' },
    undefined,
    'HOLDFAST_POLICY.__proto__ must be left out',
  ],
  [
    { HOLDFAST_POLICY: '{"tcpKeepAlive":{"probes":0}}' },
    undefined,
    'HOLDFAST_POLICY.tcpKeepAlive.probes must be a whole number from 1 to 127, got 0',
  ],
  [
    { HOLDFAST_CONFIG: 'missing.json' },
    undefined,
    'HOLDFAST_CONFIG must be a file that can be read (ENOENT), got "missing.json"',
  ],
  [
    { HOLDFAST_CONFIG: 'wrong.json' },
    '{"policyOf":{}}',
    'HOLDFAST_CONFIG.policyOf must be left out: known are policy, got an object',
  ],
  [
    { HOLDFAST_CONFIG: 'wrong.json' },
    '{"policy":{"replay":"always"}}',
    'HOLDFAST_CONFIG.policy.replay must be one of',
  ],
  [
    { HOLDFAST_CONFIG: 'wrong.json', HOLDFAST_POLICY: '{"replay":"safe"}' },
    '{"policy":false}',
    'HOLDFAST_CONFIG.policy must be an object, got false',
  ],
]

for (const [environment, config, message] of REFUSED) {
  it(`stops the start: ${message}`, async () => {
    if (config !== undefined) writeFileSync(path.join(project, 'wrong.json'), config)
    const { code, said, err } = await run(environment, 'say(globals())')
    assert.deepEqual({ code, said }, { code: 1, said: [] })
    assert.ok(err.includes(`InvalidOptionError: ${message}`), err)
    assert.ok(err.includes('ERR_HOLDFAST_INVALID_OPTION'), err)
  })
}

/** An agent's policy shows in what it does: of two requests, how many connections are left idle. */
const IDLE = `
  const server = http.createServer((_request, response) => response.end('ok')).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const url = 'http://127.0.0.1:' + server.address().port
  await get(url)
  await (await fetch(url)).text()
  say([http.globalAgent, dispatchers()[0]].map((pool) => pool.stats().idle))
  server.close()
  server.closeAllConnections()
`

it('gives all of them the policy of HOLDFAST_POLICY, and takes an empty one for none', async () => {
  const once = { HOLDFAST_POLICY: '{"maxRequestsPerConnection":1,"idleTimeoutMs":"Infinity"}' }
  assert.deepEqual((await run(once, IDLE)).said, [[0, 0]])
  assert.deepEqual((await run({ HOLDFAST_POLICY: '', HOLDFAST_CONFIG: '' }, IDLE)).said, [[1, 1]])
})

it('gives them that of the file, but for what HOLDFAST_POLICY says', async () => {
  writeFileSync(path.join(project, 'holdfast.json'), '{"policy":{"maxRequestsPerConnection":1}}')
  const file = { HOLDFAST_CONFIG: 'holdfast.json' }
  assert.deepEqual((await run(file, IDLE)).said, [[0, 0]])
  const both = { ...file, HOLDFAST_POLICY: '{"maxRequestsPerConnection":2}' }
  assert.deepEqual((await run(both, IDLE)).said, [[1, 1]])
})

it('leaves fetch to the proxies that Node was told to use', async () => {
  const { said, err } = await run(
    { NODE_USE_ENV_PROXY: '1', NODE_NO_WARNINGS: '1' },
    'globalThis.Response; say([globals(), http.globalAgent.options.proxyEnv !== undefined])',
  )
  assert.equal(err, '')
  const [globals, usesProxies] = said[0] as [string[], boolean]
  assert.equal(globals[0], 'HttpAgent')
  assert.equal(globals.includes('KeepAliveDispatcher'), !usesProxies)
  const major = Number(process.versions.node.split('.', 1)[0])
  assert.equal(usesProxies, major >= 22)
})
