import assert from 'node:assert/strict'
import http from 'node:http'
import { performance } from 'node:perf_hooks'
import { describe, it, mock, type TestContext } from 'node:test'
import { HttpAgent } from '@holdfast/http-agent'
import { exchange } from './exchange.ts'
import { forTest, serveHttp } from './loopback.ts'
import { CLIENT_KINDS } from './pooled-client.ts'

const { setImmediate: setRealImmediate } = globalThis

/** Turns the loop although its timers are faked. */
const realTurn = (): Promise<void> =>
  new Promise((resolve) => {
    setRealImmediate(resolve)
  })

const turnUntil = async (isMet: () => boolean): Promise<void> => {
  while (!isMet()) await realTurn()
}

/** Replaces what fake timers replace: nothing moves unless the test says so. */
const fakeAll = (context: TestContext, ...left: readonly string[]): void => {
  const apis = (['setTimeout', 'setInterval', 'setImmediate', 'Date'] as const).filter(
    (api) => !left.includes(api),
  )
  mock.timers.enable({ apis: [...apis] })
  mock.method(performance, 'now', () => 0)
  mock.method(Math, 'random', () => 0)
  if (!left.includes('queueMicrotask')) mock.method(globalThis, 'queueMicrotask', () => undefined)
  context.after(() => {
    mock.timers.reset()
    mock.restoreAll()
  })
}

describe('where timers and clocks are faked', () => {
  for (const [name, createAgent] of [
    ['http.Agent', () => new http.Agent({ keepAlive: true, maxSockets: 1 })],
    ['HttpAgent', () => new HttpAgent({ maxSockets: 1 })],
    [
      'HttpAgent that fences',
      () => new HttpAgent({ maxSockets: 1, policy: { staleCheck: 'fence' } }),
    ],
  ] as const) {
    it(`serves requests of each kind: ${name}`, async (context) => {
      const { port } = await serveHttp(context, (_request, response) => response.end('ok'))
      fakeAll(context as TestContext)
      const agent = forTest(context, createAgent())
      const post = { agent, port, method: 'POST', body: 'x' }
      for (const options of [post, post, { agent, port }, post]) {
        assert.equal((await exchange(options)).body, 'ok')
      }
      const together = await Promise.all([
        exchange(post),
        exchange(post),
        exchange({ agent, port }),
      ])
      assert.deepEqual(
        together.map(({ body }) => body),
        ['ok', 'ok', 'ok'],
      )
    })
  }

  for (const { name, create } of CLIENT_KINDS) {
    // undici itself waits for an immediate, and for a microtask, of those that are global.
    const left = name === 'HttpAgent' ? [] : ['setImmediate', 'queueMicrotask']
    it(`serves, and closes what is idle for too long: ${name}`, async (context) => {
      const { port } = await serveHttp(context, (_request, response) => response.end('ok'))
      fakeAll(context as TestContext, ...left)
      const client = create(context as TestContext, { idleTimeoutMs: 20, acquireTimeoutMs: 60_000 })
      assert.equal((await client.ask({ port, method: 'POST', body: 'x' })).body, 'ok')
      assert.equal((await client.ask({ port, method: 'POST', body: 'x' })).body, 'ok')
      await turnUntil(() => client.stats().idle + client.stats().closing === 0)
      assert.deepEqual(client.stats().closes, { idle_timeout: client.stats().dials })
      assert.equal((await client.drain(60_000)).outcome, 'completed')
    })
  }
})
