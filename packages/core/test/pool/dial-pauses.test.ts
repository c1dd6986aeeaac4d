import { describe, expect, it } from 'vitest'
import { type HarnessOptions, PoolHarness } from '../pool-harness.ts'

const MINUTE_MS = 60_000
const TRAFFIC_EVERY_MS = 100
const KEPT = 3

/** With pauses of 1, 2, 4, 8 and 16 s, as many rounds of dials begin within a minute. */
const ROUNDS = 6

/** A pool, what is to happen to it, and when. */
class Simulation {
  readonly harness: PoolHarness
  aheadCount = 0
  ownCount = 0
  readonly #events: { readonly atMs: number; readonly run: () => void }[] = []

  constructor(way: Way, options: HarnessOptions) {
    this.harness = new PoolHarness({
      ...options,
      reactions: {
        dial: (connection, request) => {
          if (request === undefined) this.aheadCount++
          else this.ownCount++
          way.dialled(this, connection.id)
        },
        grant: (_request, { id }) => this.after(1, () => way.used(this, id)),
        close: ({ hasOpened, id }) => {
          // A dial that is given up is over, whatever the peer would have done.
          if (!hasOpened) this.after(0, () => this.harness.fail(id, 'given up'))
        },
      },
    })
  }

  after(ms: number, run: () => void): void {
    this.#events.push({ atMs: this.harness.nowMs + ms, run })
  }

  /** The dial succeeds, unless it was given up. */
  open(id: number): void {
    if (this.harness.stateOf(id) === 'connecting') this.harness.open(id)
  }

  /** The dial comes to nothing, unless it was given up. */
  fail(id: number, error?: string): void {
    if (this.harness.stateOf(id) === 'connecting') this.harness.fail(id, error)
  }

  /** The peer ends a connection that no request uses. */
  lose(id: number, reason: 'peer_fin' | 'peer_reset' | 'stray_data'): void {
    if (this.harness.stateOf(id) !== 'idle') return
    this.harness.retire(id, reason)
    this.after(0, () => this.harness.closed(id, reason))
  }

  runFor(ms: number): void {
    const { harness } = this
    while (true) {
      this.#events.sort((one, other) => one.atMs - other.atMs)
      const nextMs = Math.min(
        this.#events[0]?.atMs ?? Number.POSITIVE_INFINITY,
        harness.pool.nextDeadlineMs,
      )
      if (nextMs >= ms) return
      harness.nowMs = Math.max(harness.nowMs, nextMs)
      if (harness.pool.nextDeadlineMs <= harness.nowMs) harness.advanceTo(harness.nowMs)
      else this.#events.shift()?.run()
      if (this.aheadCount + this.ownCount > 2 * MINUTE_MS) return
    }
  }
}

type Happen = (simulation: Simulation, id: number) => void

/** What a server does with what is dialled, and with a connection that a request uses. */
interface Way {
  readonly dialled: Happen
  readonly used: Happen
  /** How many dials a request may take, which is one where it is left out. */
  readonly dialsOfRequest?: number
}

const serve: Happen = ({ harness }, id) => harness.release(id)

const open: Happen = (simulation, id) => simulation.after(1, () => simulation.open(id))

const openAndLose = (afterMs: number, reason: Parameters<Simulation['lose']>[1]): Way => ({
  dialled: (simulation, id) =>
    simulation.after(1, () => {
      simulation.open(id)
      simulation.after(afterMs, () => simulation.lose(id, reason))
    }),
  used: serve,
})

const WAYS: Readonly<Record<string, Way>> = {
  'refuses within the call': { dialled: ({ harness }, id) => harness.fail(id), used: serve },
  'refuses later': {
    dialled: (simulation, id) => simulation.after(1, () => simulation.fail(id)),
    used: serve,
  },
  'closes before the handshake is done': {
    dialled: (simulation, id) => simulation.after(5, () => simulation.fail(id, 'closed')),
    used: serve,
  },
  'accepts and closes at once': openAndLose(0, 'peer_fin'),
  'accepts and closes soon': openAndLose(5, 'peer_fin'),
  'accepts and resets': openAndLose(0, 'peer_reset'),
  'sends bytes at once that nobody asked for': openAndLose(0, 'stray_data'),
  'closes, and the socket says so first': {
    dialled: (simulation, id) =>
      simulation.after(1, () => {
        const { harness } = simulation
        simulation.open(id)
        if (harness.stateOf(id) === 'idle') harness.closed(id, 'peer_fin')
      }),
    used: serve,
  },
  'resets by the first byte': {
    dialled: open,
    used: ({ harness }, id) => harness.closed(id, 'peer_reset'),
  },
  'resets before the first byte': {
    dialled: open,
    used: ({ harness }, id) => {
      if (harness.lose(id) === 'fail') harness.closed(id, 'peer_reset')
    },
    dialsOfRequest: 3,
  },
}

/** What dials by itself, and how many dials a minute of it may take. */
const INITIATORS: Readonly<
  Record<
    string,
    {
      readonly options: HarnessOptions
      readonly most: number
      /** For each dial that a request may take, so many more. */
      readonly usedOfRounds?: number
      readonly begin: (simulation: Simulation) => void
    }
  >
> = {
  'connections that are kept ready': {
    options: { policy: { minIdlePerOrigin: KEPT } },
    most: ROUNDS * KEPT,
    begin: ({ harness }) => {
      harness.lease('r')
    },
  },
  'connections that are kept ready, while requests are served': {
    options: { policy: { minIdlePerOrigin: KEPT } },
    most: ROUNDS * KEPT,
    // Those of each round that are used are replaced, before anybody knows that they are of no use.
    usedOfRounds: ROUNDS,
    begin: (simulation) => {
      const lease = (): void => {
        simulation.harness.lease('r')
        simulation.after(TRAFFIC_EVERY_MS, lease)
      }
      lease()
    },
  },
  'connections that were asked for ahead': {
    options: {},
    most: KEPT,
    begin: ({ harness }) => {
      harness.warm(KEPT)
    },
  },
  'connections that were asked for ahead, one at a time': {
    options: { policy: { maxConnectingPerOrigin: 1 } },
    most: KEPT,
    begin: ({ harness }) => {
      harness.warm(KEPT)
    },
  },
  'a request that gives its dial up': {
    options: {},
    most: 0,
    begin: ({ harness }) => {
      harness.cancel(harness.lease('r'))
    },
  },
}

describe.each(Object.entries(INITIATORS))('%s', (_initiator, initiator) => {
  it.each(Object.entries(WAYS))('do not make a storm of dials to a peer that %s', (_way, way) => {
    const { begin, most, options, usedOfRounds = 0 } = initiator
    const { dialsOfRequest = 1 } = way
    const simulation = new Simulation(way, options)
    begin(simulation)
    simulation.runFor(MINUTE_MS)
    expect(simulation.aheadCount).toBeLessThanOrEqual(most + usedOfRounds * dialsOfRequest)
    const mostOwn = (dialsOfRequest * MINUTE_MS) / TRAFFIC_EVERY_MS
    expect(simulation.ownCount).toBeLessThanOrEqual(mostOwn)
  })
})
