import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { describe, it, type TestContext } from 'node:test'
import type { HttpAgent } from '@holdfast/http-agent'
import { measureWithPrometheus } from '@holdfast/http-agent/prometheus'
import { KeepAliveDispatcher } from '@holdfast/http-agent/undici'
import { Registry } from 'prom-client'
import { fakeClock } from './fake-clock.ts'
import { forTest, serveHttp } from './loopback.ts'
import { listenTo } from './published.ts'
import { turnUntil } from './turn.ts'
import { UNDICI_VERSIONS } from './undici-versions.ts'
import { warningsOf } from './warnings.ts'

type Options = ConstructorParameters<typeof KeepAliveDispatcher>[0]

const SWEEP_MS = 30_000

for (const { name, undici } of UNDICI_VERSIONS) {
  const create = (context: TestContext, options?: Options): KeepAliveDispatcher =>
    forTest(context, new KeepAliveDispatcher({ undici, ...options }))

  const ask = async (dispatcher: KeepAliveDispatcher, port: number): Promise<void> => {
    const { body } = await undici.request(`http://127.0.0.1:${port}/`, { dispatcher })
    await body.dump()
    await turnUntil(() => dispatcher.stats().leased === 0)
  }

  describe(`a dispatcher on ${name}`, () => {
    it('shows its connections as an agent does', async (context) => {
      const { port } = await serveHttp(context as TestContext)
      const dispatcher = create(context as TestContext)
      await ask(dispatcher, port)
      const rows: ReturnType<HttpAgent['inspect']> = dispatcher.inspect()
      const [row] = rows
      assert.equal(rows.length, 1)
      assert.equal(row?.state, 'idle')
      assert.equal(row.tcpState, 'ESTABLISHED')
      assert.equal(row.remotePort, port)
      assert.equal(row.requestCount, 1)
      const [origin] = Object.values(dispatcher.stats().origins)
      assert.equal(origin?.serverAddress, '127.0.0.1')
      assert.equal(origin?.serverPort, port)
    })

    it('publishes what happens to them', async (context) => {
      const types = ['connection:dialing', 'connection:opened', 'connection:closed'] as const
      const messages = listenTo(context as TestContext, ...types)
      const { port } = await serveHttp(context as TestContext)
      const dispatcher = create(context as TestContext)
      await ask(dispatcher, port)
      const [row] = dispatcher.inspect()
      await dispatcher.drain()
      assert.deepEqual(
        messages.map(({ type }) => type),
        types,
      )
      for (const message of messages) {
        assert.equal(message.source, dispatcher)
        assert.equal(message.connectionId, row?.id)
        assert.equal(message.serverPort, port)
      }
      const [, opened, closed] = messages
      assert.deepEqual([opened?.localPort, closed?.localPort], [row?.localPort, row?.localPort])
      assert.equal(closed?.type === 'connection:closed' && closed.reason, 'drained')
    })

    it('is measured as an agent is', async (context) => {
      const register = new Registry()
      const { port } = await serveHttp(context as TestContext)
      const dispatcher = create(context as TestContext)
      await measureWithPrometheus(dispatcher, { register })
      await ask(dispatcher, port)
      const text = await register.metrics()
      const server = `pool="",server_address="127.0.0.1",server_port="${port}"`
      assert.ok(text.includes(`http_client_open_connections{${server},state="idle"} 1`), text)
      assert.ok(text.includes(`http_client_request_time_in_queue_seconds_count{${server}} 1`), text)
    })

    it('warns of responses that nobody reads', async (context) => {
      const answer = (_request: unknown, response: ServerResponse): unknown =>
        response.end('x'.repeat(5_000_000))
      const { port } = await serveHttp(context as TestContext, answer)
      const dispatcher = create(context as TestContext)
      const warnings = warningsOf(context as TestContext)
      const clock = fakeClock(context as TestContext)
      const path = '/forgotten'
      const { body } = await undici.request(`http://127.0.0.1:${port}${path}`, { dispatcher })
      body.on('error', () => undefined)
      for (let sweep = 0; sweep < 4; sweep++) await clock.pass(SWEEP_MS)
      assert.equal(warnings.length, 1)
      assert.match(warnings[0]?.message ?? '', /GET \/forgotten/u)
    })
  })
}
