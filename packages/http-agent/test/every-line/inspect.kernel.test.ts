import assert from 'node:assert/strict'
import http, { type ServerResponse } from 'node:http'
import { platform } from 'node:process'
import { it, type TestContext } from 'node:test'
import { type ConnectionRow, HttpAgent } from '@holdfast/http-agent'
import { type KernelRow, readKernelRows } from './kernel-tcp.ts'
import { forTest, listen } from './loopback.ts'
import { randomSequence } from './random-sequence.ts'
import { turn } from './turn.ts'

const ROUNDS = 80
const CLIENTS = 12

type Random = () => number

/** What a server may do to a connection in the middle of everything. */
const HABITS: readonly ((response: ServerResponse) => void)[] = [
  (response) => response.end('ok'),
  (response) => response.end('ok'),
  (response) => response.setHeader('Connection', 'close').end('ok'),
  (response) => response.end('ok', () => response.req.socket.destroy()),
  (response) => response.end('ok', () => response.req.socket.end()),
  (response) => response.end('ok', () => response.req.socket.resetAndDestroy()),
  (response) => response.write('o', () => response.req.socket.resetAndDestroy()),
  (response) => response.write('o', () => response.req.socket.destroy()),
  (response) => response.req.socket.destroy(),
]

const turns = async (random: Random, most: number): Promise<void> => {
  for (let left = Math.floor(random() * most); left > 0; left--) await turn()
}

const serveAtRandom = (context: TestContext, random: Random): ReturnType<typeof listen> => {
  const server = http.createServer({ keepAliveTimeout: 0 }, async (request, response) => {
    request.resume()
    response.on('error', () => undefined)
    await turns(random, 5)
    const habit = HABITS[Math.floor(random() * HABITS.length)]
    if (!request.socket.destroyed) habit?.(response)
  })
  server.on('clientError', (_error, socket) => socket.destroy())
  return listen(context, server)
}

/** Asks again and again, and gives up on some requests. */
const askAtRandom = async (agent: HttpAgent, port: number, random: Random): Promise<void> => {
  const request = http.get({ agent, host: '127.0.0.1', port }, (response) => {
    response.on('error', () => undefined)
    response.resume()
  })
  request.on('error', () => undefined)
  const closed = new Promise((resolve) => {
    request.on('close', resolve)
  })
  if (random() < 0.1) {
    await turns(random, 4)
    request.destroy()
  }
  await closed
  await turns(random, 8)
}

/** How often in a row a connection may be behind the kernel before the loop must have read it. */
const MAX_ROUNDS_BEHIND = 2

/** Compares rows with the kernel's table, and counts what it sees. */
class Comparison {
  readonly outcomes = new Map<string, number>()
  /** For how many rounds connections have been shown as open although their peer has finished. */
  #roundsBehind = new Map<number, number>()

  /** The kernel's state is the one shown, or one that the model says could not be told from it. */
  compare(rows: readonly ConnectionRow[], kernelRows: readonly KernelRow[]): void {
    const kernelByPort = new Map(kernelRows.map((row) => [row.localPort, row]))
    const roundsBehind = new Map<number, number>()
    for (const row of rows) {
      if (row.localPort === undefined) continue
      const kernel = kernelByPort.get(row.localPort)
      const state = kernel?.state ?? 'CLOSED'
      const isBehind = state !== row.tcpState
      const rounds = isBehind ? (this.#roundsBehind.get(row.id) ?? 0) + 1 : 0
      roundsBehind.set(row.id, rounds)
      const mayBe = [row.tcpState, ...row.tcpStateAlternatives]
      const message = `${JSON.stringify(row)} is in the kernel ${JSON.stringify(kernel)}`
      assert.ok(mayBe.includes(state) && rounds <= MAX_ROUNDS_BEHIND, message)
      const outcome = isBehind ? `${state} shown as ${row.tcpState}` : state
      this.outcomes.set(outcome, (this.outcomes.get(outcome) ?? 0) + 1)
    }
    this.#roundsBehind = roundsBehind
  }
}

it('agrees with the kernel about every socket, whatever happens', {
  skip: platform !== 'linux' && 'reads /proc',
}, async (context) => {
  const random = randomSequence(4)
  const { port } = await serveAtRandom(context, random)
  const policy = { maxRequestsPerConnection: 7, peerCloseWaitMs: 50 }
  const agent = forTest(context, new HttpAgent({ maxSockets: CLIENTS - 2, policy }))
  let isOver = false
  context.after(() => {
    isOver = true
  })
  const askUntilOver = async (): Promise<void> => {
    while (!isOver) await askAtRandom(agent, port, random)
  }
  for (let client = 0; client < CLIENTS; client++) {
    askUntilOver().catch((error) => assert.fail(error))
  }
  const comparison = new Comparison()
  for (let round = 0; round < ROUNDS; round++) {
    await turn()
    const rows = agent.inspect()
    const kernelRows = readKernelRows(port).filter(({ remotePort }) => remotePort === port)
    comparison.compare(rows, kernelRows)
    // A connecting socket is shown without its port: no more of those may be missing.
    const shown = new Set(rows.map(({ localPort }) => localPort))
    const missing = kernelRows.filter(({ isHeld, localPort }) => isHeld && !shown.has(localPort))
    const connecting = rows.filter(({ state }) => state === 'connecting')
    assert.ok(missing.length <= connecting.length, JSON.stringify({ missing, rows }))
  }
  const seen = [...comparison.outcomes.keys()]
  context.diagnostic(JSON.stringify([...comparison.outcomes]))
  for (const outcome of ['ESTABLISHED', 'CLOSE_WAIT shown as ESTABLISHED']) {
    assert.ok(seen.includes(outcome), `never saw ${outcome}`)
  }
})
