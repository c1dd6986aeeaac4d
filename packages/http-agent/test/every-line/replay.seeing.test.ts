import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { measureWithPrometheus } from '@holdfast/http-agent/prometheus'
import { Registry } from 'prom-client'
import { CLIENT_KINDS, type ClientKind, type PooledClient } from './pooled-client.ts'
import { listenTo } from './published.ts'
import { failingSecond, serveRaw } from './raw-server.ts'
import { fin } from './reused.ts'

interface Setting {
  readonly client: PooledClient
  readonly port: number
}

/** A client with one idle connection, whose second request the server reads, and closes. */
const set = async (context: TestContext, { create }: ClientKind): Promise<Setting> => {
  const { port } = await serveRaw(context, false, failingSecond(fin))
  const client = create(context)
  await client.ask({ port })
  return { client, port }
}

for (const kind of CLIENT_KINDS) {
  describe(`a request that is sent again by ${kind.name}`, () => {
    it('is counted, and told of', async (context) => {
      const { client, port } = await set(context as TestContext, kind)
      const messages = listenTo(context as TestContext, 'request:replayed')
      await client.ask({ port })
      const { replays, origins, leases } = client.stats()
      assert.deepEqual({ replays, leases }, { replays: 1, leases: 3 })
      assert.deepEqual(
        Object.values(origins).map((origin) => origin.replays),
        [1],
      )
      assert.deepEqual(
        messages.map(({ connectionId, serverPort }) => ({ connectionId, serverPort })),
        [{ connectionId: 1, serverPort: port }],
      )
    })

    it('is not one that fails', async (context) => {
      const { client, port } = await set(context as TestContext, kind)
      await assert.rejects(client.ask({ port, method: 'POST', body: 'body' }))
      assert.equal(client.stats().replays, 0)
    })

    it('is measured', async (context) => {
      const { client, port } = await set(context as TestContext, kind)
      const register = new Registry()
      const { stop } = await measureWithPrometheus(client.pool, { register })
      await client.ask({ port })
      const metric = register.getSingleMetric('http_client_request_replays_total')
      const { values } = (await metric?.get()) ?? { values: [] }
      const labels = { pool: '', server_address: '127.0.0.1', server_port: port }
      assert.deepEqual(values, [{ labels, value: 1 }])
      stop()
    })
  })
}
