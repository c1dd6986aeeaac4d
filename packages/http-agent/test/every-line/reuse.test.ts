import assert from 'node:assert/strict'
import process from 'node:process'
import { it } from 'node:test'
import { HttpAgent, type HttpAgentOptions, HttpsAgent } from '@holdfast/http-agent'
import { exchange, type Pending, start } from './exchange.ts'
import { forTest, TEST_IDENTITY } from './loopback.ts'
import { serveRaw } from './raw-server.ts'
import { PLANTED, startScriptedServer } from './scripted-server.ts'
import { leaveTurn } from './turn.ts'

const AGENTS = {
  TCP: (options?: HttpAgentOptions) => new HttpAgent(options),
  TLS: (options?: HttpAgentOptions) => new HttpsAgent({ ca: TEST_IDENTITY.cert, ...options }),
} as const

const outcomeOf = ({ done }: Pending): Promise<string> =>
  done.then(
    ({ body }) => body,
    ({ code }) => code,
  )

/** How a request comes to the connection of the one before. */
const WAYS: Readonly<Record<string, (first: Pending, send: () => Pending) => Promise<string>>> = {
  'waits for its place': (first, send) => {
    const second = send()
    return first.done.then(() => outcomeOf(second))
  },
  'is made as the response ends': (first, send) => first.done.then(() => outcomeOf(send())),
}

for (const [transport, method] of [
  ['TCP', 'POST'],
  ['TLS', 'POST'],
  ['TLS', 'GET'],
] as const) {
  for (const [name, way] of Object.entries(WAYS)) {
    it(`takes no second response that came with the first for the answer to a ${method} that ${name}, by ${transport}`, async (context) => {
      const server = await startScriptedServer(transport === 'TLS')
      context.after(() => server.close())
      const agent = forTest(context, AGENTS[transport]({ maxSockets: 1 }))
      const { port } = server
      await exchange({ agent, port })
      const blockUntilPlanted = server.plant()
      const first = start({ agent, port })
      // It is written in the tick in which it gets its socket.
      first.request.on('socket', () => process.nextTick(blockUntilPlanted))
      assert.notEqual(await way(first, () => start({ agent, port, method })), PLANTED)
      assert.equal((await exchange({ agent, port })).body, 'ok')
      assert.equal(agent.stats().dials, 2)
    })
  }
}

const READ_LENGTH = 65_536
const SECOND = `HTTP/1.1 200 OK\r\nContent-Length: ${PLANTED.length}\r\n\r\n${PLANTED}`

/** A response that fills a read, with another one behind it. */
const fillingRead = (): string => {
  const headOf = (length: number): string => `HTTP/1.1 200 OK\r\nContent-Length: ${length}\r\n\r\n`
  const bodyLength = READ_LENGTH - headOf(READ_LENGTH - 100).length
  return headOf(bodyLength) + 'a'.repeat(bodyLength) + SECOND
}

for (const method of ['GET', 'POST']) {
  for (const [name, way] of Object.entries(WAYS)) {
    it(`takes no second response behind a full read for the answer to a ${method} that ${name}`, async (context) => {
      const { port } = await serveRaw(context, false, ({ socket, text }) => {
        const isFirst = text.startsWith('GET /first')
        socket.write(isFirst ? fillingRead() : 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
      })
      const agent = forTest(context, new HttpAgent({ maxSockets: 1 }))
      const first = start({ agent, port, path: '/first' })
      assert.equal(await way(first, () => start({ agent, port, method })), 'ok')
    })
  }
}

for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
  it(`knows the close of a ${version} peer that came while the loop was blocked`, async (context) => {
    const server = await startScriptedServer(true)
    context.after(() => server.close())
    const { cert: ca } = TEST_IDENTITY
    const versions = { minVersion: version, maxVersion: version }
    const agent = forTest(context, new HttpsAgent({ ca, ...versions }))
    const { port } = server
    await exchange({ agent, port })
    await leaveTurn()
    // Longer than a connection is idle that is used again without a look at its socket.
    server.blockUntil('fin', 10)
    assert.equal((await exchange({ agent, port })).body, 'ok')
    assert.deepEqual(agent.stats().closes, { peer_fin: 1 })
  })
}
