import assert from 'node:assert/strict'
import http, { type ServerResponse } from 'node:http'
import { platform } from 'node:process'
import { it, type TestContext } from 'node:test'
import { HttpAgent } from '@holdfast/http-agent'
import { start } from './exchange.ts'
import { fakeClock } from './fake-clock.ts'
import { forTest, type LoopbackServer, listen, serveHttp } from './loopback.ts'
import { randomSequence } from './random-sequence.ts'
import { watchTimeWaits } from './time-waits.ts'
import { turn, turnUntil } from './turn.ts'

const REQUESTS = 600
const CLIENTS = 6
const IDLE_TIMEOUT_MS = 10
const SEEDS = [1, 2, 3] as const

/** What a server may do to a connection, and then leaves it to its client. */
const HABITS: readonly ((response: ServerResponse) => void)[] = [
  (response) => response.end('ok'),
  (response) => response.end('ok'),
  (response) => response.end('ok'),
  (response) => response.setHeader('Connection', 'close').end('ok'),
  (response) => response.end('ok', () => response.req.socket.destroy()),
  (response) => response.req.socket.resetAndDestroy(),
  (response) => response.req.socket.destroy(),
]

const serveAtRandom = (
  context: TestContext,
  random: () => number,
): Promise<LoopbackServer<http.Server>> =>
  listen(
    context,
    http.createServer({ keepAliveTimeout: 0 }, async (request, response) => {
      response.on('error', () => undefined)
      for (let left = Math.floor(random() * 4); left > 0; left--) await turn()
      if (!request.socket.destroyed) HABITS[Math.floor(random() * HABITS.length)]?.(response)
    }),
  )

/** Whether the agent has read the end of each connection that its server has ended. */
const hasReadEnds = (agent: HttpAgent, { connections }: LoopbackServer): boolean => {
  const open = [...connections].filter(
    ({ destroyed, writableEnded }) => !(destroyed || writableEnded),
  )
  const ports = new Set(open.map(({ remotePort }) => remotePort))
  return agent.inspect().every(({ localPort }) => localPort === undefined || ports.has(localPort))
}

for (const seed of SEEDS) {
  it(`counts the TIME_WAITs that the kernel keeps, seed ${seed}`, {
    skip: platform !== 'linux' && 'reads /proc',
  }, async (context) => {
    const random = randomSequence(seed)
    const server = await serveAtRandom(context, random)
    const { port } = server
    const countTimeWaits = watchTimeWaits(port)
    const clock = fakeClock(context)
    const agent = forTest(
      context,
      new HttpAgent({
        maxSockets: CLIENTS,
        policy: { maxRequestsPerConnection: 5, idleTimeoutMs: IDLE_TIMEOUT_MS, closeMode: 'fin' },
      }),
    )
    const before = agent.stats().ports.timeWaits
    /** Idle connections end, with nothing on them that has not been read. */
    const passIdleTime = async (): Promise<void> => {
      await turnUntil(() => hasReadEnds(agent, server))
      await clock.pass(IDLE_TIMEOUT_MS)
    }
    let destroyedCount = 0
    const ask = async (): Promise<void> => {
      for (let count = 0; count < REQUESTS / CLIENTS; count++) {
        const { request, closed } = start({ agent, port })
        request.on('error', () => undefined)
        request.on('response', (response) => response.on('error', () => undefined).resume())
        if (random() < 0.05) {
          request.destroy()
          destroyedCount++
        }
        await closed
        if (random() < 0.3) await passIdleTime()
      }
    }
    await Promise.all(Array.from({ length: CLIENTS }, ask))
    await passIdleTime()
    await turnUntil(() => agent.stats().idle + agent.stats().closing === 0)
    const counted = agent.stats().ports.timeWaits - before
    const { client } = countTimeWaits()
    assert.ok(client > 0, 'the kernel keeps none')
    // A request that is destroyed closes its connection without a look: a FIN may have come meanwhile.
    assert.ok(
      counted >= client && counted <= client + destroyedCount,
      `${counted} counted, ${client} kept, ${destroyedCount} destroyed`,
    )
    assert.equal(agent.stats().ports.open, 0)
  })
}

it('does not count the connection that a request keeps for good', async (context) => {
  const { port, server } = await serveHttp(context)
  server.on('upgrade', (_request, peer) => {
    peer.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n')
  })
  const agent = forTest(context, new HttpAgent())
  const before = agent.stats().ports
  const request = http.get({ agent, port, headers: { connection: 'upgrade', upgrade: 'x' } })
  const socket = await new Promise<NodeJS.EventEmitter & { destroy: () => void }>((resolve) => {
    request.on('upgrade', (_answer, upgraded) => resolve(upgraded))
  })
  assert.deepEqual(agent.stats().ports, before)
  socket.destroy()
  await new Promise((resolve) => {
    socket.on('close', resolve)
  })
  assert.deepEqual(agent.stats().ports, before)
})
