import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import type { PolicyOptions } from '@holdfast/http-agent'
import { CLIENT_KINDS, type ClientKind } from './pooled-client.ts'
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
  })
}
