import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { type PolicyOptions, resolvePolicy } from '@holdfast/core'
import { HttpAgent } from '@holdfast/http-agent'
import { expect, it } from 'vitest'
import { makePlan } from '../src/plan/make-plan.ts'
import type { PlanInput } from '../src/plan/plan-input.ts'
import type { SimulationResult } from '../src/plan/simulation/simulate-fleet.ts'

const CONCURRENT = 3
const WAVES = 20
const WAVE_EVERY_MS = 1000

/** Load of both sides: waves of requests, each with a connection of its own. */
interface Schedule {
  readonly policy: PolicyOptions
  /** Cap of the upstream; 0: none. */
  readonly maxRequests: number
}

/**
 * Policy under which the upstream closes first, however late it is on a busy machine, and nothing
 * is idle for too long.
 */
const UNHURRIED = { peerCloseWaitMs: 60_000, idleTimeoutMs: 600_000, maxConnectionAgeMs: 3_600_000 }

function predict({ policy, maxRequests }: Schedule): SimulationResult {
  const cap = maxRequests === 0 ? Number.POSITIVE_INFINITY : maxRequests
  const input: PlanInput = {
    requestsPerSecond: (CONCURRENT * 1000) / WAVE_EVERY_MS,
    replicas: 1,
    destinations: 1,
    serviceMs: 10,
    roundTripMs: 0.1,
    tls: false,
    maxSockets: CONCURRENT,
    path: [
      { name: 'node', idleTimeoutMs: Number.POSITIVE_INFINITY, maxRequests: cap, hint: 'never' },
    ],
    sharesAddress: false,
    ports: { first: 32_768, last: 60_999 },
    timeWaitMs: 60_000,
    upstreamMaxConnections: Number.POSITIVE_INFINITY,
    replicaBytesPerConnection: 1,
    upstreamBytesPerConnection: 1,
  }
  const planned = {
    name: 'it',
    policy: resolvePolicy({ ...UNHURRIED, ...policy }),
    guardsPorts: true,
    reasons: [],
  }
  const { outlooks } = makePlan(input, [planned], {
    // The waves come at 1, 2, … WAVES seconds, and the last one is answered.
    durationMs: WAVES * WAVE_EVERY_MS + 500,
    arrivals: { kind: 'bursts', size: CONCURRENT },
    service: { kind: 'constant' },
    replayableShare: 1,
    loopDelayMs: 0,
    maxRequests: 1_000_000,
    seed: 1,
  })
  const simulation = outlooks[0]?.simulation
  if (!simulation) throw new Error('nothing was simulated')
  return simulation
}

/**
 * Upstream that answers a wave only once all of it has arrived, so that it takes as many
 * connections.
 */
class WaveServer {
  readonly server: http.Server
  connections = 0
  requests = 0
  /** Connections whose first FIN was the upstream's own. */
  closedFirst = 0
  readonly #waiting: http.ServerResponse[] = []

  constructor(maxRequests: number) {
    const counts = new WeakMap<Socket, number>()
    this.server = http.createServer(({ socket }, response) => {
      const count = (counts.get(socket) ?? 0) + 1
      counts.set(socket, count)
      // Node's own `maxRequestsPerSocket` says so as well, but leaves the closing to the client.
      if (count === maxRequests) response.setHeader('Connection', 'close')
      this.#answer(response)
    })
    this.server.keepAliveTimeout = 0
    this.server.on('connection', (socket: Socket) => {
      this.connections++
      socket.once('finish', () => {
        if (!socket.readableEnded) this.closedFirst++
      })
    })
  }

  async listen(): Promise<number> {
    this.server.listen(0, '127.0.0.1')
    await once(this.server, 'listening')
    return (this.server.address() as AddressInfo).port
  }

  #answer(response: http.ServerResponse): void {
    this.requests++
    this.#waiting.push(response)
    if (this.#waiting.length < CONCURRENT) return
    for (const each of this.#waiting.splice(0)) each.end('done')
  }
}

async function get(agent: http.Agent, port: number): Promise<void> {
  const request = http.get({ agent, host: '127.0.0.1', port })
  const [response] = (await once(request, 'response')) as [http.IncomingMessage]
  response.resume()
  await once(response, 'close')
}

async function run({ policy, maxRequests }: Schedule): Promise<{
  readonly upstream: WaveServer
  readonly closes: Readonly<Partial<Record<string, number>>>
  readonly opens: number
  readonly closedFirst: number
}> {
  const upstream = new WaveServer(maxRequests)
  const port = await upstream.listen()
  const agent = new HttpAgent({ maxSockets: CONCURRENT, policy: { ...UNHURRIED, ...policy } })
  for (let wave = 0; wave < WAVES; wave++) {
    await Promise.all(Array.from({ length: CONCURRENT }, () => get(agent, port)))
    // Whatever was closed after this wave is gone before the next one comes.
    while (agent.stats().closing > 0 || agent.stats().leased > 0) {
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  const { closes, dials } = agent.stats()
  const { closedFirst } = upstream
  agent.destroy()
  upstream.server.close()
  await once(upstream.server, 'close')
  return { upstream, closes, opens: dials, closedFirst }
}

const CASES: readonly (readonly [string, Schedule])[] = [
  ['without a cap', { policy: {}, maxRequests: 0 }],
  ['with a cap of the policy', { policy: { maxRequestsPerConnection: 7 }, maxRequests: 0 }],
  ['with a cap of one request', { policy: { maxRequestsPerConnection: 1 }, maxRequests: 0 }],
  ['with a cap of the upstream', { policy: {}, maxRequests: 6 }],
]

it.each(CASES)('a simulation predicts a real run %s', async (_, schedule) => {
  const predicted = predict(schedule)
  const { upstream, closes, opens, closedFirst } = await run(schedule)

  expect(upstream.requests).toBe(WAVES * CONCURRENT)
  expect(predicted.served).toBe(upstream.requests)
  expect(upstream.connections).toBe(predicted.opens)
  expect(opens).toBe(predicted.opens)
  expect(closes).toEqual(predicted.closes)
  // Nothing of the simulated time is long enough for a TIME_WAIT to end.
  expect(closedFirst).toBe(Math.max(...predicted.timeline.upstreamTimeWaits))
  expect(Math.max(...predicted.timeline.clientTimeWaits)).toBe(0)
})
