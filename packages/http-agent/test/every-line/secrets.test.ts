import assert from 'node:assert/strict'
import { createPrivateKey } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import type { ClientRequestArgs } from 'node:http'
import https, { type RequestOptions } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { describe, it, type TestContext } from 'node:test'
import { inspect } from 'node:util'
import {
  DIAGNOSTICS_CHANNELS,
  type HttpAgentOptions,
  HttpsAgent,
  type PoolEventType,
} from '@holdfast/http-agent'
import { measureWithPrometheus } from '@holdfast/http-agent/prometheus'
import { publishPool, readPublishedPools } from '@holdfast/http-agent/publish'
import { KeepAliveDispatcher } from '@holdfast/http-agent/undici'
import { Registry } from 'prom-client'
import { request as dispatch } from 'undici'
import { fakeClock } from './fake-clock.ts'
import { serveHttps, TEST_IDENTITY } from './loopback.ts'
import { listenTo } from './published.ts'
import { warningsOf } from './warnings.ts'

const temporary = mkdtempSync(join(tmpdir(), 'holdfast-secrets-'))
process.env['TMPDIR'] = temporary
process.on('exit', () => rmSync(temporary, { recursive: true, force: true }))

const { cert, key } = TEST_IDENTITY
const PASSPHRASE = 'pass-phrase-of-the-pfx'
const TOKEN = 'token-of-a-tenant'
const pfx = readFileSync(
  new URL('../../test/every-line/fixtures/test-identity.pfx', import.meta.url),
)
const encryptedKey = createPrivateKey(key)
  .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: PASSPHRASE })
  .toString()

/** Long enough to be no accident, from the middle, without the line breaks that JSON would escape. */
const partOf = (text: string): string => {
  const lines = text.split('\n')
  return (lines[Math.floor(lines.length / 2)] as string).slice(0, 40)
}

const SECRETS = [
  partOf(key),
  partOf(cert),
  partOf(encryptedKey),
  String(pfx).slice(0, 20),
  PASSPHRASE,
  TOKEN,
]

class TenantAgent extends HttpsAgent {
  override getName(options?: ClientRequestArgs & RequestOptions): string {
    return `${super.getName(options)}:${TOKEN}`
  }
}

/** Agents whose keys hold secrets. */
const AGENTS: Readonly<Record<string, (options: HttpAgentOptions) => HttpsAgent>> = {
  'a key and a certificate': (options) => new HttpsAgent({ ...options, key, cert }),
  'an encrypted key': (options) =>
    new HttpsAgent({ ...options, key: encryptedKey, cert, passphrase: PASSPHRASE }),
  'a pfx': (options) => new HttpsAgent({ ...options, pfx, passphrase: PASSPHRASE }),
  'a list of pfx': (options) =>
    new HttpsAgent({ ...options, pfx: [{ buf: pfx, passphrase: PASSPHRASE }] }),
  'a getName of its own': (options) => new TenantAgent(options),
}

const assertNoSecret = (where: string, said: unknown): void => {
  const text = typeof said === 'string' ? said : inspect(said, { depth: null, showHidden: true })
  for (const secret of SECRETS)
    assert.ok(!text.includes(secret), `${where} holds a secret: ${text}`)
}

const failureOf = async (agent: HttpsAgent, port: number): Promise<Error & { code?: string }> => {
  const request = https.get({ agent, host: '127.0.0.1', port })
  const [error] = await once(request, 'error')
  return error
}

const everyMessage = (context: TestContext): unknown[] =>
  listenTo(context, ...(Object.keys(DIAGNOSTICS_CHANNELS) as PoolEventType[]))

for (const [name, create] of Object.entries(AGENTS)) {
  describe(`an agent with ${name}`, () => {
    it('says nothing of it in errors, events, stats, rows, reports and metrics', async (context) => {
      // It never answers, so that the one connection stays in use.
      const { port } = await serveHttps(context, () => undefined)
      const messages = everyMessage(context)
      const agentOf = (policy: object): HttpsAgent => {
        const agent = create({ rejectUnauthorized: false, maxSockets: 1, policy } as object)
        context.after(() => agent.destroy())
        return agent
      }
      const agent = agentOf({ maxQueuedRequests: 1, acquireTimeoutMs: 300 })
      const register = new Registry()
      await measureWithPrometheus(agent, { register })
      await publishPool(agent)
      https.get({ agent, host: '127.0.0.1', port }).on('error', () => undefined)
      const timedOut = failureOf(agent, port)
      const errors = [await failureOf(agent, port), await timedOut]
      const said = {
        stats: agent.stats(),
        rows: agent.inspect(),
        reports: await readPublishedPools(process.pid),
        metrics: await register.metrics(),
      }
      const closed = agentOf({})
      await closed.drain()
      errors.push(await failureOf(closed, port))
      assert.deepEqual(
        errors.map(({ code }) => code),
        ['ERR_HOLDFAST_QUEUE_FULL', 'ERR_HOLDFAST_ACQUIRE_TIMEOUT', 'ERR_HOLDFAST_POOL_CLOSED'],
      )
      assert.ok(messages.length >= 4)
      for (const error of errors)
        assert.match(error.message, /https:\/\/127\.0\.0\.1:\d+#[\da-f]{10}/u)
      assertNoSecret('an error', errors)
      for (const [where, what] of Object.entries(said)) assertNoSecret(where, what)
      for (const message of messages) {
        assertNoSecret('a message', inspect(message, { depth: null }))
        assertNoSecret('a message', JSON.stringify(message))
      }
      const [origin] = Object.keys(said.stats.origins)
      assert.match(
        String(origin),
        new RegExp(`^https://127\\.0\\.0\\.1:${port}#[\\da-f]{10}$`, 'u'),
      )
      assert.equal(said.rows[0]?.origin, origin)
    })

    it('says nothing of it in a warning', async (context) => {
      const { port } = await serveHttps(context, (_, response) =>
        response.end('x'.repeat(5_000_000)),
      )
      const agent = create({ rejectUnauthorized: false } as object)
      context.after(() => agent.destroy())
      const warnings = warningsOf(context)
      const clock = fakeClock(context)
      await once(https.get({ agent, host: '127.0.0.1', port }), 'response')
      // What is on its way still comes in; then nothing moves any more.
      while (warnings.length === 0) await clock.pass(30_000)
      assertNoSecret('a warning', warnings)
    })
  })
}

it('names an origin by its URL, or a unix socket by its path, where nothing else is its own', async (context) => {
  const nameOf = async (agent: HttpsAgent, options: RequestOptions): Promise<string> => {
    context.after(() => agent.destroy())
    const request = https.get({ agent, ...options }).on('error', () => undefined)
    const [name] = Object.keys(agent.stats().origins)
    request.destroy()
    await new Promise((resolve) => request.on('close', resolve))
    return String(name)
  }
  assert.equal(await nameOf(new HttpsAgent(), { host: '::1', port: 1 }), 'https://[::1]:1')
  assert.equal(await nameOf(new HttpsAgent(), { host: 'localhost' }), 'https://localhost:443')
  assert.equal(await nameOf(new HttpsAgent(), { socketPath: '/no/socket' }), '/no/socket')
  const other = { socketPath: '/no/socket', host: 'a.test' }
  assert.match(await nameOf(new HttpsAgent(), other), /^\/no\/socket#[\da-f]{10}$/u)
  const verified = new HttpsAgent({ ca: cert })
  assert.match(await nameOf(verified, { host: 'localhost', port: 1 }), /^https:\/\/localhost:1#/u)
})

it('gives the dispatcher no more to say than the agents', async (context) => {
  const { port } = await serveHttps(context, () => undefined)
  const messages = everyMessage(context)
  const dispatcher = new KeepAliveDispatcher({
    connections: 1,
    connect: { key, cert, rejectUnauthorized: false },
    policy: { maxQueuedRequests: 1, acquireTimeoutMs: 300 },
  })
  context.after(() => dispatcher.destroy())
  const ask = (): Promise<unknown> =>
    dispatch(`https://user:${TOKEN}@127.0.0.1:${port}/`, { dispatcher }).catch(
      (error: unknown) => error,
    )
  const first = ask()
  const errors = await Promise.all([ask(), ask()])
  const said = { errors, stats: dispatcher.stats(), rows: dispatcher.inspect() }
  assert.deepEqual(Object.keys(said.stats.origins), [`https://127.0.0.1:${port}`])
  for (const [where, what] of Object.entries(said)) assertNoSecret(where, what)
  for (const message of messages) {
    assertNoSecret('a message', inspect(message, { depth: null }))
    assertNoSecret('a message', JSON.stringify(message))
  }
  await dispatcher.destroy()
  assertNoSecret('the end', await first)
})
