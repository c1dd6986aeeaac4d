import assert from 'node:assert/strict'
import type { Socket } from 'node:net'
import { it, type TestContext } from 'node:test'
import { HttpAgent, requestRecord } from '@holdfast/http-agent'
import { exchange, type Pending, start } from './exchange.ts'
import { forTest, serveOnDemand } from './loopback.ts'
import { randomSequence } from './random-sequence.ts'
import { OK, type RawServer, serveRaw } from './raw-server.ts'
import { startScriptedServer } from './scripted-server.ts'
import { leaveTurn, turn, turnUntil } from './turn.ts'

const CROWD = 10

/** Longer than a connection is idle that is used again without a look at its socket. */
const IDLE_MS = 10

for (const [staleCheck, replayed] of [
  ['peek', false],
  ['none', true],
] as const) {
  it(`dials once where ten idle connections are closed at once: staleCheck '${staleCheck}'`, async (context) => {
    const server = await startScriptedServer(false)
    context.after(() => server.close())
    const { port } = server
    // How long they are idle is the machine's affair, and nothing to be learned from.
    const policy = { staleCheck, learnIdleLimit: false }
    const agent = forTest(context, new HttpAgent({ policy }))
    for (let count = 0; count < CROWD; count++) {
      await Promise.all(Array.from({ length: count + 1 }, () => exchange({ agent, port })))
    }
    const { dials, idle } = agent.stats()
    assert.ok(idle > 1)
    await leaveTurn()
    server.blockUntil('fin', IDLE_MS)
    const { request, done } = start({ agent, port })
    assert.equal((await done).body, 'ok')
    assert.equal(requestRecord(request)?.replayed, replayed)
    assert.equal(agent.stats().dials, dials + 1)
    await turnUntil(() => agent.stats().closing === 0 && agent.stats().idle === 1)
    assert.deepEqual(agent.stats().closes, { peer_fin: idle })
  })
}

it('loses no safe request while its server drops its connections again and again', async (context) => {
  const served = new Set<Socket>()
  const server = await serveRaw(context, false, ({ socket }) => {
    served.add(socket)
    socket.write(OK)
  })
  const { port } = server
  const agent = forTest(context, new HttpAgent({ maxSockets: 8 }))
  let [begun, answered] = [0, 0]
  const askInTurn = async (): Promise<void> => {
    while (begun++ < 1000) {
      if (begun % 50 === 0) {
        // A connection that has not served anything yet is nobody's to replay.
        for (const socket of served) socket.destroy()
        served.clear()
      }
      const { body } = await exchange({ agent, port })
      if (body === 'ok') answered++
    }
  }
  await Promise.all(Array.from({ length: 16 }, askInTurn))
  assert.equal(answered, 1000)
})

/** Ends every third connection upon a request, and answers all others. */
const serveWhimsically = (context: TestContext): Promise<RawServer> =>
  serveRaw(context, false, ({ socket, index, connection }) => {
    if (index > 1 && (index + connection) % 3 === 0) socket.destroy()
    else socket.write(OK)
  })

for (const options of [{ maxSockets: 1 }, { maxSockets: 2 }, { maxTotalSockets: 1 }] as const) {
  it(`serves who comes after a storm of cancels: ${JSON.stringify(options)}`, async (context) => {
    const [one, other] = [await serveWhimsically(context), await serveWhimsically(context)]
    const agent = forTest(context, new HttpAgent(options))
    const random = randomSequence(1)
    const storm: Pending[] = []
    for (let count = 0; count < 400; count++) {
      const { port } = random() < 0.7 ? one : other
      const pending = start({ agent, port, method: random() < 0.5 ? 'GET' : 'POST' })
      storm.push(pending)
      const victim = storm[Math.floor(random() * storm.length)]
      if (random() < 0.6) victim?.request.destroy()
      if (random() < 0.3) await turn()
    }
    await Promise.all(storm.map(({ closed }) => closed))
    for (const { port } of [one, other]) assert.equal((await exchange({ agent, port })).body, 'ok')
    const { waiting, leased, connecting } = agent.stats()
    assert.deepEqual({ waiting, leased, connecting }, { waiting: 0, leased: 0, connecting: 0 })
  })
}

it('serves those that are sent again before those that wait, and these in their order', async (context) => {
  let isLost = false
  const paths: (string | undefined)[] = []
  const server = await serveRaw(context, false, ({ socket, text }) => {
    const [, path] = text.split(' ')
    paths.push(path)
    if (path === '/lost' && !isLost) {
      isLost = true
      socket.destroy()
    } else socket.write(OK)
  })
  const { port } = server
  const agent = forTest(context, new HttpAgent({ maxSockets: 1 }))
  await exchange({ agent, port, path: '/first' })
  const pending = ['/lost', '/a', '/b', '/c'].map((path) => start({ agent, port, path }))
  await Promise.all(pending.map(({ done }) => done))
  assert.deepEqual(paths, ['/first', '/lost', '/lost', '/a', '/b', '/c'])
})

it('serves requests of one origin in the order in which they were made', async (context) => {
  const { port, next } = await serveOnDemand(context)
  const agent = forTest(context, new HttpAgent({ maxSockets: 1 }))
  const pending = ['/1', '/2', '/3', '/4'].map((path) => start({ agent, port, path }))
  const paths: (string | undefined)[] = []
  for (const { done } of pending) {
    const { request, response } = await next()
    paths.push(request.url)
    response.end()
    await done
  }
  assert.deepEqual(paths, ['/1', '/2', '/3', '/4'])
})
