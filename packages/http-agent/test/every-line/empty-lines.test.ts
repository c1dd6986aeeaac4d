import assert from 'node:assert/strict'
import type { Socket } from 'node:net'
import type { TestContext } from 'node:test'
import { playWithEachClient } from './play-with-each-client.ts'
import type { PooledClient } from './pooled-client.ts'
import { OK, serveRaw } from './raw-server.ts'
import { turn, turnUntil } from './turn.ts'

/** The lines that are tolerated while a peer is asked nothing (RFC 9112 §2.2). */
const FEW = '\r\n'.repeat(4)

const NO_TIMEOUT = { idleTimeoutMs: Number.POSITIVE_INFINITY }

/** Sends line after line, however each of them is received, as long as the other side is there. */
const sendWithoutEnd = async (socket: Socket): Promise<void> => {
  socket.setNoDelay(true)
  while (!socket.destroyed) {
    socket.write('\r\n')
    await turn()
  }
}

const isGone = (client: PooledClient): boolean => {
  const { idle, closing } = client.stats()
  return idle + closing === 0
}

const serve = (context: TestContext, answer = OK) =>
  serveRaw(context, false, ({ socket }) => socket.write(answer))

playWithEachClient({
  'empty lines without end on an idle connection end it': async (context, create) => {
    const { port, sockets } = await serve(context)
    const client = create(context, NO_TIMEOUT)
    await client.ask({ port })
    const sent = [...sockets].map(sendWithoutEnd)
    await turnUntil(() => isGone(client))
    await Promise.all(sent)
    assert.deepEqual(client.stats().closes, { stray_data: 1 })
  },

  'so they do in one piece': async (context, create) => {
    const { port, sockets } = await serve(context)
    const client = create(context, NO_TIMEOUT)
    await client.ask({ port })
    for (const socket of sockets) socket.write('\r\n'.repeat(100_000))
    await turnUntil(() => isGone(client))
    assert.deepEqual(client.stats().closes, { stray_data: 1 })
  },

  'so they do on a connection that nobody has used': async (context, create) => {
    const { port, sockets } = await serve(context)
    const client = create(context, NO_TIMEOUT)
    await client.warm(port, 1)
    await turnUntil(() => sockets.size === 1)
    const sent = [...sockets].map(sendWithoutEnd)
    await turnUntil(() => isGone(client))
    await Promise.all(sent)
    assert.deepEqual(client.stats().closes, { stray_data: 1 })
  },

  'so they do while a peer is given time to close': async (context, create) => {
    const last = OK.replace('\r\n', '\r\nConnection: close\r\n')
    const { port, sockets } = await serve(context, last)
    const client = create(context, { peerCloseWaitMs: 60_000 })
    await client.ask({ port })
    const sent = [...sockets].map(sendWithoutEnd)
    await turnUntil(() => isGone(client))
    await Promise.all(sent)
    assert.deepEqual(client.stats().closes, { response_close: 1 })
  },

  'a few of them are passed over, after each response': async (context, create) => {
    const { port, sockets, connectionCount } = await serve(context)
    const client = create(context, NO_TIMEOUT)
    for (let count = 0; count < 5; count++) {
      assert.equal((await client.ask({ port })).body, 'ok')
      for (const socket of sockets) {
        await new Promise((resolve) => {
          socket.write(FEW, resolve)
        })
      }
    }
    assert.equal(connectionCount(), 1)
  },
})
