import assert from 'node:assert/strict'
import http from 'node:http'
import { describe, it, type TestContext } from 'node:test'
import { exchange } from './exchange.ts'
import { forTest } from './loopback.ts'
import { NAME, NAMED_CLIENT_KINDS } from './named-client.ts'
import { scriptedResolver, serveAtAll } from './named-servers.ts'
import { turnUntil } from './turn.ts'

const THREE = ['127.0.0.1', '127.0.0.2', '127.0.0.3'] as const
const CONNECTIONS = 300

for (const { name, isSecure, create } of NAMED_CLIENT_KINDS.filter((kind) => !kind.isSecure)) {
  describe(`${name}, of a name with three addresses`, () => {
    it('has as many connections to each, and as many requests', async (context) => {
      const test = context as TestContext
      const { port, servers } = await serveAtAll(test, THREE, isSecure)
      const { ask, pool } = create(test, { lookup: scriptedResolver(...THREE).lookup })
      for (let round = 0; round < 4; round++) {
        await Promise.all(Array.from({ length: CONNECTIONS }, () => ask(port)))
        await turnUntil(() => pool.stats().leased === 0)
      }
      const open = servers.map((server) => server.open.size)
      assert.ok(Math.max(...open) - Math.min(...open) <= 1, `${open} connections`)
      const share = (4 * CONNECTIONS) / THREE.length
      for (const { requestCount } of servers) {
        assert.ok(Math.abs(requestCount - share) <= share / 10, `${requestCount} requests`)
      }
    })

    it('leaves none of them out where few of many connections are needed', async (context) => {
      const test = context as TestContext
      const { port, servers } = await serveAtAll(test, THREE, isSecure)
      const { ask, pool } = create(test, { lookup: scriptedResolver(...THREE).lookup })
      await Promise.all(Array.from({ length: 30 }, () => ask(port)))
      const before = servers.map(({ requestCount }) => requestCount)
      const count = 90
      for (let sent = 0; sent < count; sent += 2) {
        await turnUntil(() => pool.stats().leased === 0)
        await Promise.all([ask(port), ask(port)])
      }
      const halfShare = count / THREE.length / 2
      for (const [index, { requestCount }] of servers.entries()) {
        assert.ok(requestCount - (before[index] as number) >= halfShare, `${requestCount} requests`)
      }
    })
  })
}

it("Node's own agent leads all of them to the first address", async (context) => {
  const { port, servers } = await serveAtAll(context, THREE)
  const agent = forTest(context, new http.Agent({ keepAlive: true }))
  const { lookup, calls } = scriptedResolver(...THREE)
  await Promise.all(Array.from({ length: 30 }, () => exchange({ agent, port, host: NAME, lookup })))
  assert.deepEqual(
    servers.map(({ connectionCount }) => connectionCount),
    [30, 0, 0],
  )
  assert.equal(calls.length, 30)
})
