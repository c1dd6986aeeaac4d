import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { createServer } from 'node:net'
import process from 'node:process'
import { describe, it, type TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { KeepAliveDispatcher } from '@holdfast/http-agent/undici'
import { listen, serveHttp } from './loopback.ts'
import { UNDICI_VERSIONS, type Undici } from './undici-versions.ts'

const CHANNELS = ['undici:request:create', 'undici:request:error'] as const

/** What is published of requests. */
const record = (context: TestContext): unknown[] => {
  const messages: unknown[] = []
  const note = (message: unknown): void => {
    messages.push((message as { request: { path: string } }).request.path)
  }
  for (const channel of CHANNELS) subscribe(channel, note)
  context.after(() => {
    for (const channel of CHANNELS) unsubscribe(channel, note)
  })
  return messages
}

const REFUSED_SOCKET = fileURLToPath(new URL('refused-socket-process.js', import.meta.url))

interface Setting {
  readonly name: string
  readonly undici: Undici
}

type Scenario = (context: TestContext, setting: Setting) => Promise<void>

const SCENARIOS: Readonly<Record<string, Scenario>> = {
  'publishes no request that nobody has made': async (context, { undici }) => {
    const messages = record(context)
    const { port } = await serveHttp(context)
    const dispatcher = new KeepAliveDispatcher({ undici, connections: 1 })
    assert.deepEqual(messages, [])
    const ask = async (path: string): Promise<string> => {
      const { body } = await undici.request(`http://127.0.0.1:${port}${path}`, { dispatcher })
      return await body.text()
    }
    // One that is checked before it has a connection, and one that waits for want of a place.
    await Promise.all([ask('/one'), ask('/two')])
    assert.deepEqual(messages, ['/one', '/two'])
    const wrong = { dispatcher, method: 'no method' as never }
    await assert.rejects(undici.request(`http://127.0.0.1:${port}/`, wrong))
    await dispatcher.close()
    assert.deepEqual(messages, ['/one', '/two'])
  },

  'says why a client cannot take its socket, and dials no other one': async (
    _context,
    { name },
  ) => {
    const args = [REFUSED_SOCKET, name]
    const { stdout } = await promisify(execFile)(process.execPath, args)
    const { ours, theirs } = JSON.parse(stdout) as Record<string, unknown>
    assert.deepEqual(ours, theirs)
  },

  'is a MockAgent that answers by itself, and lets the rest through': async (
    context,
    { undici },
  ) => {
    const { port } = await serveHttp(context)
    const dispatcher = new KeepAliveDispatcher({ undici })
    const mock = new undici.MockAgent({ agent: dispatcher as never })
    mock.get('http://mocked.test').intercept({ path: '/' }).reply(200, 'mocked')
    const ask = async (url: string): Promise<string> => {
      const { body } = await undici.request(url, { dispatcher: mock })
      return await body.text()
    }
    assert.equal(await ask('http://mocked.test/'), 'mocked')
    assert.equal(await ask(`http://127.0.0.1:${port}/`), 'ok')
    mock.disableNetConnect()
    await assert.rejects(ask(`http://127.0.0.1:${port}/`), {
      code: 'UND_MOCK_ERR_MOCK_NOT_MATCHED',
    })
    mock.assertNoPendingInterceptors()
    await mock.close()
    assert.equal(dispatcher.destroyed, true)
  },

  'dials for no request that is aborted already': async (context, { undici }) => {
    const { port, connectionCount } = await listen(context, createServer())
    const dispatcher = new KeepAliveDispatcher({ undici })
    const url = `http://127.0.0.1:${port}`
    const signal = AbortSignal.abort()
    await assert.rejects(undici.request(url, { dispatcher, signal }), { name: 'AbortError' })
    assert.equal(dispatcher.stats().dials, 0)
    await dispatcher.close()
    assert.equal(connectionCount(), 0)
  },

  'changes nothing by what it refuses': async (context, { undici }) => {
    const { port } = await serveHttp(context)
    const dispatcher = new KeepAliveDispatcher({ undici })
    context.after(() => dispatcher.destroy())
    const url = `http://127.0.0.1:${port}`
    await assert.rejects(dispatcher.drain({ timeoutMs: -1 }), {
      code: 'ERR_HOLDFAST_INVALID_OPTION',
    })
    const code = 'ERR_HOLDFAST_INVALID_ARGUMENT'
    await assert.rejects(dispatcher.drain(null as never), { code })
    for (const wrong of ['nonsense', 'ftp://127.0.0.1', '']) {
      await assert.rejects(dispatcher.warm(wrong, 1), { code })
    }
    await assert.rejects(dispatcher.warm(url, -1), { code })
    assert.throws(() => dispatcher.close('wrong' as never), { code: 'UND_ERR_INVALID_ARG' })
    assert.throws(() => dispatcher.destroy(null, 'wrong' as never), {
      code: 'UND_ERR_INVALID_ARG',
    })
    assert.throws(() => dispatcher.compose('wrong' as never), TypeError)
    const { body } = await undici.request(url, { dispatcher })
    assert.equal(await body.text(), 'ok')
    assert.deepEqual([dispatcher.closed, dispatcher.destroyed], [false, false])
  },
}

for (const setting of UNDICI_VERSIONS) {
  describe(`what is known of ${setting.name}`, () => {
    for (const [what, run] of Object.entries(SCENARIOS)) {
      it(what, (context) => run(context as TestContext, setting))
    }
  })
}
