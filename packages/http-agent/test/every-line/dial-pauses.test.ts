import assert from 'node:assert/strict'
import type { Socket } from 'node:net'
import { playWithEachClient, type Scenario } from './play-with-each-client.ts'
import type { PooledClient } from './pooled-client.ts'
import { OK, serveRaw } from './raw-server.ts'
import { turn, turnUntil } from './turn.ts'

const KEPT = 3

/** More than what was begun needs to come to its end. */
const MANY_TURNS = 50

/** Whether no connection of the client is left, nor on its way. */
const isAtRest = (client: PooledClient): boolean => {
  const { connecting, idle, closing } = client.stats()
  return connecting + idle + closing === 0
}

const settle = async (client: PooledClient): Promise<void> => {
  await turnUntil(() => isAtRest(client))
  for (let count = 0; count < MANY_TURNS; count++) await turn()
}

/** How a server greets a connection. */
const GREETINGS: Readonly<Record<string, (socket: Socket) => void>> = {
  'closes it at once': (socket) => socket.destroy(),
  'ends it at once': (socket) => socket.end(),
  'resets it at once': (socket) => socket.resetAndDestroy(),
  'sends bytes at once that nobody asked for': (socket) => socket.write('HTTP/1.1 200 OK\r\n'),
  'closes it two turns later': (socket) => {
    setImmediate(() => setImmediate(() => socket.destroy()))
  },
}

const scenarioOf =
  (greet: (socket: Socket) => void): Scenario =>
  async (context, create, clock) => {
    const server = await serveRaw(context, false, ({ socket }) => socket.write(OK))
    const client = create(context, { minIdlePerOrigin: KEPT })
    await client.ask({ port: server.port })
    await turnUntil(() => client.stats().idle === KEPT + 1 && server.sockets.size === KEPT + 1)
    const before = server.connectionCount()
    server.onConnection = greet
    for (const socket of server.sockets) socket.destroy()
    await settle(client)
    // What was lost was of no use, so that nothing takes its place at once.
    assert.ok(server.connectionCount() - before <= KEPT)
    for (const pauseMs of [1000, 2000, 4000]) {
      await clock.pass(pauseMs)
      await settle(client)
    }
    assert.ok(server.connectionCount() - before <= 4 * KEPT)
  }

playWithEachClient(
  Object.fromEntries(
    Object.entries(GREETINGS).map(([way, greet]) => [
      `makes no storm of dials to a server that accepts a connection and ${way}`,
      scenarioOf(greet),
    ]),
  ),
)
