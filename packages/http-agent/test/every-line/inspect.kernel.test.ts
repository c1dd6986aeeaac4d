import assert from 'node:assert/strict'
import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import https from 'node:https'
import { platform } from 'node:process'
import { it, type TestContext } from 'node:test'
import { type ConnectionRow, HttpAgent, HttpsAgent } from '@holdfast/http-agent'
import { KeepAliveDispatcher } from '@holdfast/http-agent/undici'
import { type FakeClock, fakeClock } from './fake-clock.ts'
import { type KernelRow, readKernelRows } from './kernel-tcp.ts'
import { forTest, listen, TEST_IDENTITY } from './loopback.ts'
import { randomSequence } from './random-sequence.ts'
import { turn, turnUntil } from './turn.ts'
import { UNDICI_VERSIONS, type Undici } from './undici-versions.ts'

/** At the least. */
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
  (response) => response.write('o', () => response.req.socket.destroy()),
  (response) => response.req.socket.destroy(),
]

/** The same of a connection without TLS, which Node cannot reset. */
const RESETS: typeof HABITS = [
  (response) => response.end('ok', () => response.req.socket.resetAndDestroy()),
  (response) => response.write('o', () => response.req.socket.resetAndDestroy()),
]

const turns = async (random: Random, most: number): Promise<void> => {
  for (let left = Math.floor(random() * most); left > 0; left--) await turn()
}

const ignore = (): void => undefined

const serveAtRandom = (
  context: TestContext,
  random: Random,
  isSecure: boolean,
): ReturnType<typeof listen> => {
  const onRequest = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    request.resume()
    response.on('error', ignore)
    await turns(random, 5)
    const habits = isSecure ? HABITS : [...HABITS, ...RESETS]
    const habit = habits[Math.floor(random() * habits.length)]
    if (!request.socket.destroyed) habit?.(response)
  }
  const server = isSecure
    ? https.createServer({ ...TEST_IDENTITY, keepAliveTimeout: 0 }, onRequest)
    : http.createServer({ keepAliveTimeout: 0 }, onRequest)
  server.on('clientError', (_error, socket) => socket.destroy())
  return listen(context, server)
}

/** Whose connections are looked at. */
interface Asker {
  readonly inspect: () => ConnectionRow[]
  /** Kept when the request is over, whatever came of it. */
  readonly ask: (port: number, signal: AbortSignal) => Promise<unknown>
}

interface AskerKind {
  readonly isSecure: boolean
  readonly create: (context: TestContext) => Asker
}

const policy = { maxRequestsPerConnection: 7, peerCloseWaitMs: 50 }

const askerOf = (context: TestContext, agent: HttpAgent | HttpsAgent): Asker => {
  forTest(context, agent)
  const { get } = agent instanceof HttpsAgent ? https : http
  return {
    inspect: () => agent.inspect(),
    ask: (port, signal) => {
      const request = get({ agent, host: '127.0.0.1', port, signal }, (response) => {
        response.on('error', ignore)
        response.resume()
      })
      request.on('error', ignore)
      return new Promise<void>((resolve) => {
        request.on('close', resolve)
      })
    },
  }
}

const dispatcherKind = (undici: Undici): AskerKind => ({
  isSecure: false,
  create: (context) => {
    const dispatcher = forTest(
      context,
      new KeepAliveDispatcher({ undici, connections: CLIENTS - 2, policy }),
    )
    return {
      inspect: () => dispatcher.inspect(),
      ask: (port, signal) =>
        undici
          .request(`http://127.0.0.1:${port}/`, { dispatcher, signal })
          .then(({ body }) => body.dump())
          .catch(ignore),
    }
  },
})

const KINDS: Readonly<Record<string, AskerKind>> = {
  HttpAgent: {
    isSecure: false,
    create: (context) => askerOf(context, new HttpAgent({ maxSockets: CLIENTS - 2, policy })),
  },
  HttpsAgent: {
    isSecure: true,
    create: (context) => {
      const ca = TEST_IDENTITY.cert
      return askerOf(context, new HttpsAgent({ maxSockets: CLIENTS - 2, ca, policy }))
    },
  },
  ...Object.fromEntries(
    UNDICI_VERSIONS.map(({ name, undici }) => [
      `KeepAliveDispatcher on ${name}`,
      dispatcherKind(undici),
    ]),
  ),
}

/** Asks, and gives up on some requests. */
const askAtRandom = async ({ ask }: Asker, port: number, random: Random): Promise<void> => {
  const controller = new AbortController()
  const over = ask(port, controller.signal)
  if (random() < 0.1) {
    await turns(random, 4)
    controller.abort()
  }
  await over
  await turns(random, 8)
}

/** Compares rows with the kernel's table, and counts what it sees. */
class Comparison {
  readonly #inspect: Asker['inspect']
  readonly #port: number
  readonly outcomes = new Map<string, number>()

  constructor({ inspect }: Asker, port: number) {
    this.#inspect = inspect
    this.#port = port
  }

  /** Returns how many connections are shown as what they were before their peer finished. */
  compare(): number {
    const rows = this.#inspect()
    const kernelRows = readKernelRows(this.#port).filter(
      ({ remotePort }) => remotePort === this.#port,
    )
    // A connecting socket is shown without its port: no more of those may be missing.
    const shown = new Set(rows.map(({ localPort }) => localPort))
    // What is read while others change it may have a row twice.
    const kernelByPort = new Map(kernelRows.map((row) => [row.localPort, row]))
    const missing = [...kernelByPort.values()].filter(
      ({ isHeld, localPort }) => isHeld && !shown.has(localPort),
    )
    const connecting = rows.filter(({ state }) => state === 'connecting')
    assert.ok(missing.length <= connecting.length, JSON.stringify({ missing, rows }))
    return rows.filter(
      (row) => row.localPort !== undefined && this.#isBehind(row, kernelByPort.get(row.localPort)),
    ).length
  }

  /** The kernel's state is the one shown, or one that the model says could not be told from it. */
  #isBehind(row: ConnectionRow, kernel: KernelRow | undefined): boolean {
    const state = kernel?.state ?? 'CLOSED'
    const mayBe = [row.tcpState, ...row.tcpStateAlternatives]
    const message = `${JSON.stringify(row)} is in the kernel ${JSON.stringify(kernel)}`
    assert.ok(mayBe.includes(state), message)
    const isBehind = state !== row.tcpState
    const outcome = isBehind ? `${state} shown as ${row.tcpState}` : state
    this.outcomes.set(outcome, (this.outcomes.get(outcome) ?? 0) + 1)
    return isBehind
  }
}

const EXPECTED_OUTCOMES = ['ESTABLISHED', 'CLOSE_WAIT shown as ESTABLISHED'] as const

/** Looks again and again, at moments that fall anywhere in the life of the connections. */
const compareForRounds = async (
  comparison: Comparison,
  clock: FakeClock,
  random: Random,
): Promise<void> => {
  const { outcomes } = comparison
  for (
    let round = 0;
    round < ROUNDS || !EXPECTED_OUTCOMES.every((outcome) => outcomes.has(outcome));
    round++
  ) {
    if (random() < 0.1) await clock.pass(policy.peerCloseWaitMs)
    else await turn()
    comparison.compare()
  }
}

for (const [name, { isSecure, create }] of Object.entries(KINDS)) {
  it(`agrees with the kernel about every socket, whatever happens: ${name}`, {
    skip: platform !== 'linux' && 'reads /proc',
  }, async (context) => {
    const random = randomSequence(4)
    const { port } = await serveAtRandom(context as TestContext, random, isSecure)
    const clock = fakeClock(context as TestContext)
    const asker = create(context as TestContext)
    let isOver = false
    context.after(() => {
      isOver = true
    })
    const askUntilOver = async (): Promise<void> => {
      while (!isOver) await askAtRandom(asker, port, random)
    }
    for (let client = 0; client < CLIENTS; client++) {
      askUntilOver().catch((error) => assert.fail(error))
    }
    const comparison = new Comparison(asker, port)
    await compareForRounds(comparison, clock, random)
    context.diagnostic(JSON.stringify([...comparison.outcomes]))
    // Once nobody asks any more, the loop reads whatever has come.
    isOver = true
    await turnUntil(() => comparison.compare() === 0)
  })
}
