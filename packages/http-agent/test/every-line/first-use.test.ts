import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import type { PolicyOptions } from '@holdfast/http-agent'
import { CLIENT_KINDS, type ClientKind, type PooledClient } from './pooled-client.ts'
import { OK, serveRaw } from './raw-server.ts'
import { type Deed, startScriptedServer } from './scripted-server.ts'
import { turn } from './turn.ts'

/** Longer than a connection is idle that is used again without a look at its socket. */
const BLOCKED_MS = 10

interface Scene {
  readonly deed: Deed
  readonly isSecure: boolean
  readonly policy: PolicyOptions
}

/** Uses a connection for the first time right after the loop was blocked; counts the dials of that. */
const dialsOfFirstUse = async (
  context: TestContext,
  { create }: ClientKind,
  { deed, isSecure, policy }: Scene,
): Promise<number> => {
  const server = await startScriptedServer(isSecure)
  context.after(() => server.close())
  const client = create(context, policy, {}, isSecure)
  await client.warm(server.port, 1)
  // The end of a handshake is told before it is sent; one turn on, it is, and nothing else is read.
  await turn()
  server.blockUntil(deed, BLOCKED_MS)
  const { status } = await client.ask({ port: server.port, method: 'POST', body: 'body' })
  assert.equal(status, 200)
  return client.stats().dials
}

/** A client with a connection opened ahead, which its server ends upon the first request. */
const loseFirst = async (
  context: TestContext,
  { create }: ClientKind,
  isSecure: boolean,
): Promise<{ readonly client: PooledClient; readonly port: number }> => {
  const { port } = await serveRaw(context, isSecure, ({ connection, socket, transport }) => {
    if (connection === 1) transport.destroy()
    else socket.write(OK)
  })
  const client = create(context, {}, {}, isSecure)
  await client.warm(port, 1)
  return { client, port }
}

for (const kind of CLIENT_KINDS) {
  describe(`the first request of a connection that was opened ahead, ${kind.name}`, () => {
    for (const staleCheck of ['peek', 'fence'] as const) {
      for (const isSecure of [false, true]) {
        const how = `${isSecure ? 'TLS' : 'TCP'}, by ${staleCheck}`
        const scene = { isSecure, policy: { staleCheck } }

        // By TLS 1.3 a server sends session tickets after the handshake, which nobody has read yet.
        it(`takes it, whatever belongs to the handshake: ${how}`, async (context) => {
          const dials = await dialsOfFirstUse(context as TestContext, kind, {
            ...scene,
            deed: 'none',
          })
          assert.equal(dials, 1)
        })

        for (const deed of ['fin', 'reset'] as const) {
          it(`does not take it if the peer has ended it: ${deed}, ${how}`, async (context) => {
            const dials = await dialsOfFirstUse(context as TestContext, kind, { ...scene, deed })
            assert.equal(dials, 2)
          })
        }
      }
    }

    for (const isSecure of [false, true]) {
      const how = isSecure ? 'TLS' : 'TCP'

      it(`is sent again if the peer ends the connection as it comes: ${how}`, async (context) => {
        const { client, port } = await loseFirst(context as TestContext, kind, isSecure)
        assert.deepEqual(await client.ask({ port }), { status: 200, body: 'ok' })
        const { dials, replays } = client.stats()
        assert.deepEqual({ dials, replays }, { dials: 2, replays: 1 })
      })

      it(`fails then if it must not be sent again: ${how}`, async (context) => {
        const { client, port } = await loseFirst(context as TestContext, kind, isSecure)
        await assert.rejects(client.ask({ port, method: 'POST', body: 'body' }))
        assert.equal(client.stats().replays, 0)
      })
    }
  })
}
