import {
  type CloseReason,
  type Connection,
  type Effects,
  HoldfastError,
  type Look,
  type OriginTarget,
  Pool,
  PoolRequest,
} from '@holdfast/core'
import {
  type CloseMethod,
  closeMethodFor,
  type Destination,
  DestinationPorts,
  portCount,
  TimeWaitLedger,
} from '@holdfast/core/tcp'
import type { Random } from '../../statistics/seeded-random.ts'
import { draw, nextArrival } from './distributions.ts'
import { EventQueue } from './event-queue.ts'
import type { FleetTally } from './fleet-tally.ts'
import type { Scenario } from './scenario.ts'
import { timeWaitSides } from './time-wait-sides.ts'

/** Request of the simulation, which has no body. */
class SimulatedRequest extends PoolRequest {
  override readonly method: string
  override readonly hasIdempotencyKey: boolean = false
  override readonly isBodyAtHand: boolean = true
  readonly arrivedAtMs: number
  readonly serviceMs: number
  hasWaited = false

  constructor(target: OriginTarget, method: string, arrivedAtMs: number, serviceMs: number) {
    super(target)
    this.method = method
    this.arrivedAtMs = arrivedAtMs
    this.serviceMs = serviceMs
  }
}

/** State of a connection in the network and at the server. */
interface Wire {
  readonly destination: Destination
  /** Requests that reached the server. */
  requests: number
  /**
   * Instant at which the server closes it, or has closed it, unless a request reaches it before.
   */
  closesAtMs: number
  /** Instant at which something last came from the server. */
  lastHeardMs: number
  /** Whether the client has announced that no further request comes. */
  isLast: boolean
  /** Whether the last response has come, and both sides know that it is the last. */
  isServed: boolean
  /** Whether the server was left to close first. */
  hasLingered: boolean
  /** Whether an event is queued that looks whether the server has closed it. */
  isWatched: boolean
}

type SimulatedConnection = Connection<Wire, SimulatedRequest>

/** Random numbers of a replica. Policies that are compared get the same ones. */
export interface ReplicaRandoms {
  readonly traffic: Random
  readonly pool: Random
}

const EADDRNOTAVAIL = 'EADDRNOTAVAIL'

/**
 * Time from a server's last response on a connection to its FIN. With the default loop delay 3 % of
 * the TIME_WAITs of short connections stay at the client, as measured against Apache 2.4 at 250
 * requests a second (152 of 5,260) and at saturation (464 of 14,856); a client that is never busy
 * keeps all.
 */
const SERVER_CLOSE_LAG_MS = 0.03

/**
 * Replica: the real pool, on a clock that jumps from event to event, and modelled servers. It never
 * waits, and draws only from the generators that it is given.
 */
export class Replica implements Effects<Wire, SimulatedRequest> {
  readonly #scenario: Scenario
  readonly #tally: FleetTally
  readonly #randoms: ReplicaRandoms
  readonly #queue: EventQueue = new EventQueue()
  readonly #pool: Pool<Wire, SimulatedRequest>
  readonly #ledger: TimeWaitLedger
  readonly #destinations: DestinationPorts
  readonly #targets: readonly OriginTarget[]
  readonly #halfTripMs: number
  readonly #ports: number
  #nowMs = 0

  constructor(scenario: Scenario, tally: FleetTally, randoms: ReplicaRandoms) {
    this.#scenario = scenario
    this.#tally = tally
    this.#randoms = randoms
    this.#halfTripMs = scenario.network.roundTripMs / 2
    this.#ports = portCount(scenario.ports)
    this.#targets = Array.from({ length: scenario.traffic.destinations }, (_, index) => {
      const name = `upstream-${index}`
      return { key: name, name }
    })
    this.#ledger = new TimeWaitLedger({
      timeWaitMs: scenario.timeWaitMs,
      firstPort: scenario.ports.first,
      lastPort: scenario.ports.last,
    })
    this.#destinations = new DestinationPorts(this.#ledger, () => undefined)
    this.#pool = new Pool({
      policy: scenario.policy,
      caps: {
        maxPerOrigin: scenario.maxConnections,
        maxTotal: Number.POSITIVE_INFINITY,
        maxIdlePerOrigin: Number.POSITIVE_INFINITY,
      },
      scheduling: 'lifo',
      effects: this,
      random: randoms.pool,
    })
  }

  /** Runs the whole simulated time. */
  run(): void {
    const { durationMs, traffic } = this.#scenario
    const perMs = traffic.requestsPerSecond / 1000
    // Replicas do not tick together, except for their bursts.
    const first =
      traffic.arrivals.kind === 'bursts'
        ? nextArrival(traffic.arrivals, perMs, 0, this.#randoms.traffic)
        : { atMs: this.#randoms.traffic() / perMs, count: 1 }
    this.#queue.add(first.atMs, () => this.#arrive(first.count))
    while (true) {
      const deadlineMs = this.#pool.nextDeadlineMs
      const eventAtMs = this.#queue.nextAtMs
      this.#nowMs = Math.min(deadlineMs, eventAtMs)
      if (this.#nowMs > durationMs) break
      if (deadlineMs <= eventAtMs) this.#pool.advance(deadlineMs)
      else this.#queue.runNext()
    }
    this.#tally.countPool(this.#pool.stats())
  }

  dial(connection: SimulatedConnection): void {
    const { network } = this.#scenario
    const { key } = connection.origin
    const destination = this.#destinations.open(key, this.#nowMs)
    if (destination.openCount + this.#ledger.count(key, this.#nowMs) > this.#ports) {
      this.#destinations.close(destination, 'neither', this.#nowMs)
      this.#tally.portsExhausted++
      const error = Object.assign(new Error(EADDRNOTAVAIL), { code: EADDRNOTAVAIL })
      this.#queue.add(this.#nowMs, (nowMs) => this.#pool.dialFailed(connection, error, nowMs))
      return
    }
    connection.transport = {
      destination,
      requests: 0,
      closesAtMs: Number.POSITIVE_INFINITY,
      lastHeardMs: this.#nowMs,
      isLast: false,
      isServed: false,
      hasLingered: false,
      isWatched: false,
    }
    this.#tally.countOpen(this.#nowMs)
    this.#tally.open.change(this.#nowMs, 1)
    this.#tally.peakConnectionsOfReplica = Math.max(
      this.#tally.peakConnectionsOfReplica,
      this.#pool.openCount,
    )
    const openMs = this.#nowMs + network.dialRoundTrips * network.roundTripMs
    this.#queue.add(openMs, (nowMs) => this.#opened(connection, nowMs))
  }

  grant(request: SimulatedRequest, connection: SimulatedConnection): void {
    const wire = connection.transport as Wire
    if (!request.hasWaited) {
      request.hasWaited = true
      this.#tally.countWait(this.#nowMs - request.arrivedAtMs)
    }
    wire.isLast = connection.stateName === 'draining'
    if (this.#scenario.policy.staleCheck === 'fence' && this.#isKnownToKernel(wire)) {
      this.#tally.stale.avoided++
      this.#pool.requests.check(request)
      this.#queue.add(this.#nowMs, (nowMs) => this.#loseRequest(connection, true, nowMs))
      return
    }
    this.#pool.requests.pass(request)
    this.#pool.requests.complete(request)
    const reachesMs = this.#nowMs + this.#halfTripMs
    if (reachesMs >= wire.closesAtMs || this.#isForgotten(wire)) {
      // The server, or what took its place, answers with a reset.
      this.#queue.add(reachesMs + this.#halfTripMs, (nowMs) => this.#staleMet(connection, nowMs))
      return
    }
    wire.requests++
    const answeredMs = reachesMs + request.serviceMs
    const isClosing = wire.isLast || wire.requests >= this.#scenario.server.maxRequests
    wire.closesAtMs = answeredMs + (isClosing ? 0 : this.#scenario.server.idleTimeoutMs)
    this.#queue.add(answeredMs + this.#halfTripMs, (nowMs) =>
      this.#served(request, connection, isClosing, nowMs),
    )
  }

  peek(connection: SimulatedConnection): Look {
    if (!this.#isKnownToKernel(connection.transport as Wire)) return 'alive'
    this.#tally.stale.avoided++
    return this.#peerReason()
  }

  /** Silence of a server: none, since every server of a simulation answers. */
  silentSince(_connection: SimulatedConnection, nowMs: number): number {
    return nowMs
  }

  mayLinger(connection: SimulatedConnection, reason: CloseReason): boolean {
    const wire = connection.transport as Wire
    return this.#methodFor(wire, reason, wire.isServed) === 'await_peer'
  }

  /** The server's FIN follows its last response, and is read once the replica gets to it. */
  linger(connection: SimulatedConnection): void {
    const wire = connection.transport as Wire
    wire.hasLingered = true
    wire.closesAtMs += SERVER_CLOSE_LAG_MS
    const readMs = Math.max(wire.closesAtMs + this.#halfTripMs, this.#nowMs) + this.#drawLoopDelay()
    this.#queue.add(readMs, (nowMs) => {
      if (connection.stateName === 'lingering') this.#pool.retire(connection, 'peer_fin', nowMs)
    })
  }

  close(connection: SimulatedConnection, reason: CloseReason): void {
    const { server, timeWaitMs } = this.#scenario
    const wire = connection.transport as Wire
    const { isServed, isLast, hasLingered, closesAtMs } = wire
    const method = this.#methodFor(wire, reason, false)
    // Both sides know that it was the last response: the first FIN decides who keeps TIME_WAIT.
    const isRace = method === 'fin' && isLast && isServed && !hasLingered
    const sides = timeWaitSides({
      method,
      atMs: this.#nowMs + (isRace ? this.#drawLoopDelay() : 0),
      serverAtMs: closesAtMs + (isRace ? SERVER_CLOSE_LAG_MS : 0),
      halfTripMs: this.#halfTripMs,
    })
    const serverResets = server.closes === 'reset' && !isServed
    if (sides.client) this.#tally.clientTimeWaits.add(this.#nowMs, timeWaitMs)
    if (sides.upstream && !serverResets) {
      this.#tally.upstreamTimeWaits.add(closesAtMs, server.timeWaitMs)
    }
    this.#lose(connection, reason, this.#nowMs, sides.client ? 'local' : 'neither')
  }

  takeBack(_request: SimulatedRequest, connection: SimulatedConnection): void {
    this.#leave(connection, 'neither', this.#nowMs)
  }

  reject(_request: SimulatedRequest, error: Error): void {
    this.#tally.countRejection(error instanceof HoldfastError ? error.code : error.message)
  }

  #methodFor({ destination }: Wire, reason: CloseReason, isServed: boolean): CloseMethod {
    const { guardsPorts, policy } = this.#scenario
    return closeMethodFor(policy.closeMode, {
      reason,
      isQuiescent: true,
      isServed,
      arePortsScarce: guardsPorts && destination.isNearlyExhausted,
    })
  }

  #arrive(count: number): void {
    const { traffic } = this.#scenario
    const random = this.#randoms.traffic
    for (let index = 0; index < count; index++) {
      this.#tally.countRequest(this.#nowMs)
      const target = this.#targets[Math.floor(random() * traffic.destinations)] as OriginTarget
      const serviceMs = draw(traffic.service, traffic.serviceMs, random)
      const method = random() < traffic.replayableShare ? 'GET' : 'POST'
      const request = new SimulatedRequest(target, method, this.#nowMs, serviceMs)
      this.#pool.lease(request, this.#nowMs)
    }
    const perMs = traffic.requestsPerSecond / 1000
    const next = nextArrival(traffic.arrivals, perMs, this.#nowMs, random)
    this.#queue.add(next.atMs, () => this.#arrive(next.count))
  }

  #opened(connection: SimulatedConnection, nowMs: number): void {
    const wire = connection.transport as Wire
    wire.closesAtMs = nowMs - this.#halfTripMs + this.#scenario.server.idleTimeoutMs
    wire.lastHeardMs = nowMs
    this.#pool.opened(connection, nowMs)
    this.#watch(connection)
  }

  #served(
    request: SimulatedRequest,
    connection: SimulatedConnection,
    isClosing: boolean,
    nowMs: number,
  ): void {
    const { server } = this.#scenario
    this.#pool.requests.answer(request, nowMs)
    const wire = connection.transport as Wire
    wire.lastHeardMs = nowMs
    wire.isServed = isClosing
    this.#tally.served++
    if (server.announces) connection.applyHint(this.#announcement(wire))
    if (isClosing) this.#pool.retire(connection, 'response_close', nowMs)
    this.#pool.release(connection, nowMs)
    this.#watch(connection)
  }

  #announcement(wire: Wire): { timeoutMs: number | undefined; maxRequests: number | undefined } {
    const { idleTimeoutMs, maxRequests } = this.#scenario.server
    return {
      // The header knows only whole seconds.
      timeoutMs: Number.isFinite(idleTimeoutMs)
        ? Math.floor(idleTimeoutMs / 1000) * 1000
        : undefined,
      maxRequests: Number.isFinite(maxRequests) ? maxRequests - wire.requests : undefined,
    }
  }

  /** Lets the replica hear of the server's close, some time after its kernel has. */
  #watch(connection: SimulatedConnection): void {
    const wire = connection.transport as Wire
    if (connection.stateName !== 'idle' || wire.isWatched) return
    if (wire.closesAtMs === Number.POSITIVE_INFINITY) return
    wire.isWatched = true
    const readMs = wire.closesAtMs + this.#halfTripMs + this.#drawLoopDelay()
    this.#queue.add(readMs, (nowMs) => {
      wire.isWatched = false
      // A connection that was used meanwhile closes later, and is watched anew then.
      if (connection.stateName !== 'idle') return
      if (this.#isKnownToKernel(wire)) this.#pool.retire(connection, this.#peerReason(), nowMs)
      else this.#watch(connection)
    })
  }

  #staleMet(connection: SimulatedConnection, nowMs: number): void {
    const { stale } = this.#tally
    stale.met++
    if (this.#loseRequest(connection, false, nowMs)) stale.replayed++
    else stale.failed++
  }

  /** Takes the connection from its request. Returns whether the request goes on. */
  #loseRequest(connection: SimulatedConnection, isUnwritten: boolean, nowMs: number): boolean {
    const reason = isUnwritten ? this.#peerReason() : 'peer_reset'
    const loss = { isUnwritten, isRepeatable: true }
    if (this.#pool.lose(connection, loss, reason, nowMs) !== 'fail') return true
    this.#lose(connection, reason, nowMs, 'neither')
    return false
  }

  /** Removes a connection that is gone. */
  #lose(
    connection: SimulatedConnection,
    reason: CloseReason,
    nowMs: number,
    holder: 'local' | 'neither',
  ): void {
    this.#leave(connection, holder, nowMs)
    this.#pool.closed(connection, reason, nowMs)
  }

  /** Frees the port of a connection, unless it leaves a TIME_WAIT. */
  #leave(connection: SimulatedConnection, holder: 'local' | 'neither', nowMs: number): void {
    const { destination } = connection.transport as Wire
    this.#destinations.close(destination, holder, nowMs)
    this.#tally.peakTimeWaitsOfReplica = Math.max(
      this.#tally.peakTimeWaitsOfReplica,
      this.#ledger.count(destination.name, nowMs),
    )
    this.#tally.open.change(nowMs, -1)
  }

  /** Whether the server's close has reached the kernel, even if the replica has not read it yet. */
  #isKnownToKernel(wire: Wire): boolean {
    return wire.closesAtMs + this.#halfTripMs <= this.#nowMs
  }

  #isForgotten(wire: Wire): boolean {
    const { server, policy } = this.#scenario
    if (this.#nowMs - wire.lastHeardMs <= server.forgetsAfterMs) return false
    const { tcpKeepAlive } = policy
    return tcpKeepAlive === false || tcpKeepAlive.delayMs >= server.forgetsAfterMs
  }

  /** Draws the time for which the replica is busy before it reads. */
  #drawLoopDelay(): number {
    const { loopDelayMs } = this.#scenario.network
    return draw({ kind: 'exponential' }, loopDelayMs, this.#randoms.pool)
  }

  #peerReason(): CloseReason {
    return this.#scenario.server.closes === 'reset' ? 'peer_reset' : 'peer_fin'
  }
}
