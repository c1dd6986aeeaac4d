import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { NAMED_CLIENT_KINDS } from './named-client.ts'
import { openBlackHole, scriptedResolver, serveAtAll } from './named-servers.ts'

const THREE = ['127.0.0.1', '127.0.0.2', '127.0.0.3'] as const

const askMany = (ask: () => Promise<string>, count: number): Promise<string[]> =>
  Promise.all(Array.from({ length: count }, ask))

for (const { name, isSecure, create } of NAMED_CLIENT_KINDS) {
  describe(`${name}, of a name with three addresses`, () => {
    it('looks it up once for all dials, and spreads them', async (context) => {
      const test = context as TestContext
      const { port, servers } = await serveAtAll(test, THREE, isSecure)
      const { lookup, calls } = scriptedResolver(...THREE)
      const { ask } = create(test, { lookup })
      await askMany(() => ask(port), 30)
      assert.equal(calls.length, 1)
      assert.deepEqual(
        servers.map(({ connectionCount }) => connectionCount),
        [10, 10, 10],
      )
    })

    it('asks TLS for the name, whichever address it is', async (context) => {
      const test = context as TestContext
      const { port, servers } = await serveAtAll(test, THREE, isSecure)
      const { ask } = create(test, { lookup: scriptedResolver(...THREE).lookup })
      await askMany(() => ask(port), 3)
      const expected = isSecure ? 'many.holdfast.test' : undefined
      for (const { serverNames } of servers) assert.deepEqual(serverNames, [expected])
    })

    it('goes on at the next address where one refuses the connection', async (context) => {
      const test = context as TestContext
      const { port } = await serveAtAll(test, ['127.0.0.2', '127.0.0.3'], isSecure)
      const { ask } = create(test, { lookup: scriptedResolver(...THREE).lookup })
      assert.equal(await ask(port), '127.0.0.2')
    })

    it('tries the next address beside one that does not answer', async (context) => {
      const test = context as TestContext
      const { port, servers } = await serveAtAll(test, ['127.0.0.2', '127.0.0.3'], isSecure)
      await openBlackHole(test, port, '127.0.0.1')
      const { ask, pool } = create(test, {
        lookup: scriptedResolver(...THREE).lookup,
        policy: { addresses: { attemptTimeoutMs: 10 } },
      })
      assert.equal(await ask(port), '127.0.0.2')
      const [row] = pool.inspect()
      assert.equal(row?.remoteAddress, '127.0.0.2')
      // The address that did not answer is passed over.
      await askMany(() => ask(port), 4)
      assert.deepEqual(
        servers.map(({ open }) => open.size),
        [2, 2],
      )
    })

    it('fails with the reason of each where none takes the connection', async (context) => {
      const test = context as TestContext
      const { port, servers } = await serveAtAll(test, ['127.0.0.1'], isSecure)
      servers[0]?.server.close()
      const { ask } = create(test, { lookup: scriptedResolver(...THREE).lookup })
      const error: unknown = await ask(port).catch((failure: unknown) => failure)
      assert(error instanceof AggregateError)
      assert.equal((error as NodeJS.ErrnoException).code, 'ECONNREFUSED')
      for (const address of THREE) {
        assert.match(error.message, new RegExp(`${address}:${port} ECONNREFUSED`, 'u'))
      }
      assert.deepEqual(
        error.errors.map(({ address }) => address),
        THREE,
      )
    })
  })
}
