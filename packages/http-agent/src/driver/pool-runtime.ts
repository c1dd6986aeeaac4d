import {
  type Caps,
  type CloseReason,
  type Connection,
  type Effects,
  type Look,
  type Loss,
  type LossVerdict,
  type OriginTarget,
  Pool,
  type PoolRequest,
  type RequestFailure,
  type ResolvedPolicy,
  type Scheduling,
} from '@holdfast/core'
import { NameDials } from './addresses/name-dials.ts'
import { monotonicNowMs } from './clock.ts'
import { ConnectionCloser } from './closing/connection-closer.ts'
import { DeadlineTimer } from './deadline-timer.ts'
import { Drain, type DrainOptions, type DrainResult } from './drain.ts'
import { LeakWatch, type UnreadResponse } from './liveness/leak-watch.ts'
import { loopTurn } from './liveness/loop-turn.ts'
import { SilenceMeter } from './liveness/silence-meter.ts'
import { SilentPeerWatch } from './liveness/silent-peer-watch.ts'
import { StaleCheck } from './liveness/stale-check.ts'
import { type KeepAliveSettings, keepSocketProbed } from './liveness/tcp-keep-alive.ts'
import { type ConnectionRow, connectionRow } from './observe/connection-row.ts'
import { Diagnostics } from './observe/diagnostics.ts'
import { type DriverStats, driverStats } from './observe/driver-stats.ts'
import type { ServerAddress } from './observe/server-address.ts'
import { forgetPort, freePort, portUsage, takePort } from './ports/port-usage.ts'
import { realTime } from './real-time.ts'
import { reportIllegalMove } from './report-illegal-move.ts'
import type { SocketCarrier } from './socket-carrier.ts'
import { type WarmResult, WarmUps } from './warm-ups.ts'

export type { SocketCarrier } from './socket-carrier.ts'

/** Options of a {@link PoolRuntime}. */
export interface PoolRuntimeOptions<Transport, Request> {
  /** The agent or dispatcher, as messages on the diagnostics channels name it. */
  readonly source: object
  readonly policy: ResolvedPolicy
  readonly caps: Caps
  readonly scheduling: Scheduling
  /** The effects of the pool, except its questions about sockets. */
  readonly effects: Omit<
    Effects<Transport, Request>,
    'linger' | 'mayLinger' | 'peek' | 'silentSince'
  >
  /** The server of an origin, as far as it is known. */
  readonly serverOf: (target: OriginTarget) => ServerAddress
  /** The response of the request in progress, if it waits for a reader; otherwise `undefined`. */
  readonly unreadOf: (transport: Transport) => UnreadResponse | undefined
  /** Whether the request in progress waits for its peer, rather than for its caller. */
  readonly awaitsPeer: (transport: Transport) => boolean
  /** TCP keepalive for a connection that has opened; `undefined` where it is to be left as it is. */
  readonly tcpKeepAlive: () => KeepAliveSettings | undefined
}

/**
 * A pool on the real clock. It tells the pool the time of whatever happens, wakes it at its deadlines,
 * and looks at idle sockets on its behalf. Which requests there are, and how they use a socket, is
 * known only to those that stand on it: the agents and the dispatcher.
 */
export class PoolRuntime<Transport extends SocketCarrier, Request extends PoolRequest> {
  readonly policy: ResolvedPolicy
  /** To be read. Whatever happens is reported to the runtime, which knows the time. */
  readonly pool: Pool<Transport, Request>
  readonly staleCheck: StaleCheck
  /** How names become addresses; `undefined` where that is Node's affair. */
  readonly names: NameDials<Transport, Request> | undefined
  readonly #timer: DeadlineTimer
  readonly #leaks: LeakWatch<Transport, Request>
  readonly #silentPeers: SilentPeerWatch<Transport, Request>
  readonly #drain: Drain
  readonly #warmUps: WarmUps<Transport, Request>
  readonly #closer: ConnectionCloser
  readonly #diagnostics: Diagnostics<Transport, Request>
  readonly #serverOf: (target: OriginTarget) => ServerAddress
  readonly #caps: Caps
  readonly #tcpKeepAlive: () => KeepAliveSettings | undefined

  constructor(options: PoolRuntimeOptions<Transport, Request>) {
    const { policy, caps, scheduling, effects, serverOf, tcpKeepAlive } = options
    const diagnostics = new Diagnostics<Transport, Request>(options.source, serverOf)
    this.#serverOf = serverOf
    this.#caps = caps
    this.#diagnostics = diagnostics
    this.policy = policy
    this.staleCheck = new StaleCheck(policy.staleCheck)
    this.#closer = new ConnectionCloser(policy)
    this.#tcpKeepAlive = tcpKeepAlive
    const silence = new SilenceMeter<Transport, Request>(options.awaitsPeer)
    this.pool = new Pool({
      policy,
      caps,
      scheduling,
      random: realTime.random,
      effects: {
        ...effects,
        linger: ({ transport }) => this.#closer.linger(transport as Transport),
        mayLinger: ({ transport }, reason) => this.#closer.mayLinger(transport, reason),
        peek: (connection, request, nowMs) => this.#peek(connection, request, nowMs),
        lookUp: (target) => this.names?.refresh(target),
        silentSince: (connection, nowMs) => silence.since(connection, nowMs),
      },
      onEvent: diagnostics.publish,
      onIllegalMove: reportIllegalMove,
      wantsEvent: diagnostics.wants,
    })
    const { pool } = this
    this.names = nameDialsOf(policy, pool, () => this.#follow(monotonicNowMs()))
    const leaks = new LeakWatch<Transport, Request>(pool.origins, options.unreadOf)
    const silentPeers = new SilentPeerWatch<Transport, Request>(pool.origins, policy.tcpKeepAlive)
    this.#leaks = leaks
    this.#silentPeers = silentPeers
    this.#warmUps = new WarmUps(pool.origins)
    const drain = new Drain({
      get isEmpty() {
        return pool.isEmpty
      },
      get openCount() {
        return pool.openCount
      },
      get waitingCount() {
        return pool.stats().waiting
      },
      stop: () => pool.drain(monotonicNowMs()),
      destroy: () => {
        pool.refuseWaiters(monotonicNowMs())
        this.destroy()
      },
    })
    this.#drain = drain
    const deadlines = {
      get nextDeadlineMs() {
        return Math.min(
          pool.nextDeadlineMs,
          leaks.nextDeadlineMs,
          silentPeers.nextDeadlineMs,
          drain.nextDeadlineMs,
        )
      },
      advance: (nowMs: number) => {
        pool.advance(nowMs)
        leaks.advance(nowMs)
        silentPeers.advance(nowMs)
        drain.advance(nowMs)
      },
    }
    this.#timer = new DeadlineTimer(deadlines, () => pool.isDeadlineAwaited || drain.isRunning)
  }

  /** @param dial Begins the dial of the connection, within the call, with the `lookup` of {@link names}. */
  dial(connection: Connection<Transport, Request>, dial: () => void): void {
    if (this.names === undefined) dial()
    else this.names.begin(connection, dial)
    this.#diagnostics.dialBegun(connection)
  }

  /** Asks for a connection; see {@link Pool.lease}. */
  lease(request: Request): void {
    const nowMs = monotonicNowMs()
    this.pool.lease(request, nowMs)
    this.#follow(nowMs)
  }

  /** The request wants no connection any more, while it waits for one. */
  cancel(request: Request): void {
    const nowMs = monotonicNowMs()
    this.pool.cancel(request, nowMs)
    this.#follow(nowMs)
  }

  /**
   * The request that has the connection loses it; see {@link Pool.lose}. Where the request goes on, the
   * pool has taken it back.
   */
  lose(connection: Connection<Transport, Request>, loss: Loss, reason: CloseReason): LossVerdict {
    const nowMs = monotonicNowMs()
    const { transport } = connection
    const verdict = this.pool.lose(connection, loss, reason, nowMs)
    if (verdict === 'fail') return verdict
    if (transport !== undefined) freePort(transport, reason)
    this.#follow(nowMs)
    return verdict
  }

  /** The first byte of a response has come. */
  answered(request: Request): void {
    this.pool.requests.answer(request, monotonicNowMs())
  }

  /** The caller of a request has given it up, which has a connection. */
  aborted(request: Request): void {
    this.pool.requests.abort(request, monotonicNowMs())
  }

  /** The caller of a request has heard the last of it, whose connection is still to be given back. */
  ended(request: Request): void {
    this.pool.requests.end(request, monotonicNowMs())
  }

  /** The caller of a request is told of an error. */
  tellFailure(request: Request, failure: RequestFailure): void {
    this.pool.tellFailure(request, failure, monotonicNowMs())
  }

  /** The dial succeeded. */
  opened(connection: Connection<Transport, Request>): void {
    this.#onOpened(connection.transport)
    const nowMs = monotonicNowMs()
    this.pool.opened(connection, nowMs)
    this.#diagnostics.dialServed(connection)
    this.#warmUps.check(connection.origin.key)
    this.#leaks.start(nowMs)
    this.#silentPeers.start(nowMs)
    this.#follow(nowMs)
  }

  /**
   * The socket of a connection is about to be destroyed. Where that has not opened, as far as anybody has
   * heard, the system may have opened it all the same, so that it holds a port.
   */
  dying({ hasOpened, transport }: Connection<Transport, Request>): void {
    if (!hasOpened && transport !== undefined) takePort(transport)
  }

  /** The dial came to nothing. */
  dialFailed(connection: Connection<Transport, Request>, error: Error): void {
    if (connection.transport !== undefined) freePort(connection.transport, 'error')
    const nowMs = monotonicNowMs()
    this.#warmUps.failed(connection, error)
    this.pool.dialFailed(connection, error, nowMs)
    this.#warmUps.check(connection.origin.key)
    this.#follow(nowMs)
  }

  /** Takes in a connection that was opened elsewhere; see {@link Pool.adopt}. */
  adopt(target: OriginTarget): Connection<Transport, Request> | undefined {
    return this.pool.adopt(target, monotonicNowMs())
  }

  /** The request is served. Where there is a `refusal`, its connection serves no other one. */
  release(connection: Connection<Transport, Request>, refusal: CloseReason | undefined): void {
    const nowMs = monotonicNowMs()
    const { transport } = connection
    if (transport !== undefined) transport.idleTurn = loopTurn()
    if (refusal !== undefined) this.pool.retire(connection, refusal, nowMs)
    this.pool.release(connection, nowMs)
    this.#follow(nowMs)
  }

  /** The connection takes no further request. */
  retire(connection: Connection<Transport, Request>, reason: CloseReason): void {
    const nowMs = monotonicNowMs()
    this.pool.retire(connection, reason, nowMs)
    this.#follow(nowMs)
  }

  /**
   * Closes a connection, which the pool asks for.
   *
   * @param isUnused Whether no request is in progress on it.
   */
  close(connection: Connection<Transport, Request>, reason: CloseReason, isUnused: boolean): void {
    this.#closer.close(connection.transport, reason, isUnused)
  }

  /** The connection, which had opened, is gone. */
  closed(connection: Connection<Transport, Request>, reason: CloseReason): void {
    if (connection.transport !== undefined) freePort(connection.transport, reason)
    const nowMs = monotonicNowMs()
    this.pool.closed(connection, reason, nowMs)
    this.#follow(nowMs)
  }

  /** The request keeps the connection for good. */
  detach(connection: Connection<Transport, Request>): void {
    if (connection.transport !== undefined) forgetPort(connection.transport)
    const nowMs = monotonicNowMs()
    this.pool.detach(connection, nowMs)
    this.#follow(nowMs)
  }

  /** Closes every connection, those in use, or that wait for their peer to close, included. */
  destroy(): void {
    const nowMs = monotonicNowMs()
    this.pool.destroy(nowMs)
    this.#follow(nowMs)
  }

  /**
   * Opens connections ahead of requests; see {@link Pool.warm}.
   *
   * @returns What came of them, once none is in progress.
   */
  warm(target: OriginTarget, count: number): Promise<WarmResult> {
    return this.#warmUps.run(target.key, () => {
      const nowMs = monotonicNowMs()
      this.pool.warm(target, count, nowMs)
      this.#follow(nowMs)
    })
  }

  /** Whether a request or a call of `warm` waits for this dial. */
  isAwaited({ waiter, origin }: Connection<Transport, Request>): boolean {
    return waiter !== undefined || this.#warmUps.isAwaited(origin.key)
  }

  /**
   * Takes no new request any more, serves those that there are, and closes each connection once it is
   * not needed; see {@link Drain}.
   */
  drain(options: DrainOptions): Promise<DrainResult> {
    const nowMs = monotonicNowMs()
    const result = this.#drain.run(options, nowMs)
    this.#follow(nowMs)
    return result
  }

  /** A snapshot, in total and by origin. O(origins). */
  stats(): DriverStats {
    return driverStats(this.pool, this.#serverOf, this.#caps, portUsage())
  }

  /** One row a connection, by origin, the oldest first. O(connections). */
  inspect(): ConnectionRow[] {
    const nowMs = monotonicNowMs()
    const rows: ConnectionRow[] = []
    for (const { connections } of this.pool.origins.values()) {
      for (const connection of connections) rows.push(connectionRow(connection, nowMs))
    }
    return rows
  }

  /** Follows the deadlines. Called after whatever may have changed them, or ended a drain. */
  #follow(nowMs: number): void {
    this.#drain.check()
    // The timer of a pool that holds nothing would keep the pool in memory.
    if (this.pool.isEmpty) this.#timer.rest()
    else this.#timer.follow(nowMs)
  }

  #onOpened(carrier: SocketCarrier | undefined): void {
    if (carrier?.socket === undefined) return
    const tcpKeepAlive = this.#tcpKeepAlive()
    if (tcpKeepAlive !== undefined) keepSocketProbed(carrier.socket, tcpKeepAlive)
    carrier.idleTurn = loopTurn()
    takePort(carrier)
  }

  #peek(connection: Connection<Transport, Request>, request: Request, nowMs: number): Look {
    return this.staleCheck.peek(connection, request.isReplayable, nowMs)
  }
}

const nameDialsOf = <Transport extends SocketCarrier, Request extends PoolRequest>(
  policy: ResolvedPolicy,
  { addresses }: Pool<Transport, Request>,
  onLearned: () => void,
): NameDials<Transport, Request> | undefined =>
  policy.addresses === false || addresses === undefined
    ? undefined
    : new NameDials(policy.addresses, addresses, onLearned)
