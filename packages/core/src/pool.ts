import type { CloseReason } from './close-reason.ts'
import type { Connection, ConnectionOrigin, RequestWaiter } from './connection.ts'
import { Dialer } from './dialer.ts'
import type { Effects } from './effects.ts'
import { AcquireTimeoutError, PoolClosedError, QueueFullError } from './errors.ts'
import { IdleKeeper } from './idle-keeper.ts'
import { IdleLimits } from './idle-limits.ts'
import { STATES } from './lifecycle.ts'
import type { ResolvedPolicy } from './policies/resolve-policy.ts'
import type { PoolOptions } from './pool-options.ts'
import { Roster } from './roster.ts'
import type { PoolStats } from './stats.ts'
import { Turns } from './turns.ts'
import { WaitQueue } from './wait-queue.ts'
import { checkWarmCount, Warmer } from './warmer.ts'

/**
 * Decides which connection serves which request, and for how long a connection is kept. It alone
 * owns the idle connections, the counts and the queue; time is an argument, and everything it makes
 * happen leaves through its {@link Effects}.
 *
 * Lease and release are O(1) and allocate nothing, but for the deadline queue, which is O(log n)
 * where connections are not released in the order of their deadlines.
 */
export class Pool<Transport, Request> {
  readonly #policy: ResolvedPolicy
  readonly #effects: Effects<Transport, Request>
  readonly #roster: Roster<Transport, Request>
  readonly #waiters: WaitQueue<Transport, Request> = new WaitQueue()
  readonly #turns: Turns<Transport, Request>
  readonly #keeper: IdleKeeper<Transport, Request>
  readonly #dialer: Dialer<Transport, Request>
  readonly #warmer: Warmer<Transport, Request>
  #isDraining = false

  constructor(options: PoolOptions<Transport, Request>) {
    const { policy, caps } = options
    this.#policy = policy
    this.#effects = options.effects
    const idleLimits = new IdleLimits()
    this.#roster = new Roster(options.onEvent, idleLimits, options.wantsEvent)
    this.#turns = new Turns(caps, policy.maxConnectingPerOrigin, this.#roster)
    this.#keeper = new IdleKeeper(options, this.#roster, this.#turns, idleLimits)
    this.#dialer = new Dialer({
      effects: options.effects,
      random: options.random,
      roster: this.#roster,
      waiters: this.#waiters,
      turns: this.#turns,
      keeper: this.#keeper,
    })
    this.#warmer = new Warmer(caps, this.#turns, this.#dialer)
  }

  /** Origins that have a connection or a waiter, by key. */
  get origins(): ReadonlyMap<string, ConnectionOrigin<Transport, Request>> {
    return this.#roster.origins
  }

  /** Connections from the start of their dial until their descriptor is gone. */
  get openCount(): number {
    return this.#roster.openCount
  }

  /** Whether requests wait for a place, of whatever origin, under the total cap. */
  get lacksPlace(): boolean {
    return this.#turns.isAwaited
  }

  /** Whether no connection and no waiter is left. */
  get isEmpty(): boolean {
    return this.#roster.origins.size === 0
  }

  /** The next instant at which {@link advance} has something to do. */
  get nextDeadlineMs(): number {
    const { nextDeadlineMs } = this.#keeper
    const { oldest } = this.#waiters
    if (oldest === undefined) return nextDeadlineMs
    return Math.min(nextDeadlineMs, oldest.queuedAtMs + this.#policy.acquireTimeoutMs)
  }

  /**
   * Asks for a connection. The request is granted one, or rejected, within the call or later.
   *
   * @returns What {@link cancel} takes, or `undefined` where the request did not have to wait.
   */
  lease(
    originKey: string,
    request: Request,
    nowMs: number,
  ): RequestWaiter<Transport, Request> | undefined {
    if (this.#isDraining) {
      this.#refuse(originKey, request, new PoolClosedError(originKey), nowMs)
      return undefined
    }
    const connection = this.#keeper.take(originKey, request, nowMs)
    if (connection === undefined) return this.#wait(originKey, request, nowMs)
    this.#lend(connection, request, undefined, nowMs)
    return undefined
  }

  /**
   * Asks for a connection that has not been used, for a request to be sent again: it takes nothing
   * but a dial of its own, and comes before those of its origin that take anything. Where the caps
   * are reached, an idle connection of its origin makes way, or one that is given back. It has been
   * admitted before, so that neither `maxQueuedRequests` nor {@link drain} keeps it out; to be called
   * before its first connection is reported gone, so that a drain does not end too soon.
   *
   * @returns What {@link cancel} takes.
   */
  leaseFresh(
    originKey: string,
    request: Request,
    nowMs: number,
  ): RequestWaiter<Transport, Request> {
    const origin = this.#roster.originOf(originKey)
    const waiter = this.#waiters.joinFresh(origin, request, nowMs)
    this.#turns.settle(origin)
    this.#dialer.makeWayForFresh(origin, nowMs)
    this.#dialer.dialInTurn(nowMs)
    this.#roster.countWait(origin, waiter, nowMs)
    return waiter
  }

  /**
   * Dials until `count` connections of the origin are idle or on their way, as far as the caps allow,
   * and no place is taken that anybody waits for. A dial that fails ends what is left of them.
   *
   * @param count A whole number from 0 to 10 000.
   * @returns How many dials that takes, those included that begin only once others of them are done
   * (`maxConnectingPerOrigin`).
   * @throws InvalidArgumentError (`ERR_HOLDFAST_INVALID_ARGUMENT`) for a count out of bounds.
   */
  warm(originKey: string, count: number, nowMs: number): number {
    checkWarmCount(count)
    if (this.#isDraining) return 0
    const origin = this.#roster.originOf(originKey)
    const dialCount = this.#warmer.warm(origin, count, nowMs)
    this.#originChanged(origin)
    return dialCount
  }

  /** The request is served; its connection may serve another one unless it was retired meanwhile. */
  release(connection: Connection<Transport, Request>, nowMs: number): void {
    this.#roster.release(connection, nowMs)
    if (connection.state === STATES.closing) {
      this.#effects.close(connection, connection.closeReason as CloseReason)
      return
    }
    const waiter = connection.origin.oldestWaiter
    if (waiter === undefined) {
      this.#keeper.keepOrDiscard(connection, this.#isDraining, nowMs)
      // The total cap may have been raised since somebody was told to wait.
      if (this.#turns.isAwaited) this.#dialer.dialInTurn(nowMs)
      return
    }
    const verdict = this.#keeper.judge(connection, nowMs)
    if (typeof verdict !== 'number') {
      this.#keeper.discard(connection, verdict, nowMs)
    } else if (this.#turns.mustYield(connection)) {
      this.#keeper.discard(connection, 'evicted', nowMs)
    } else {
      connection.handOns++
      this.#dismiss(waiter)
      this.#lend(connection, waiter.request, waiter, nowMs)
    }
  }

  /** The waiter wants no connection any more. Does nothing where it has been served or refused. */
  cancel(waiter: RequestWaiter<Transport, Request>): void {
    if (this.#waiters.has(waiter)) this.#dismiss(waiter)
  }

  /**
   * The request that the dial was begun for takes its connection and no other one, even while it is
   * being dialled. To be called while that request waits.
   */
  claim(connection: Connection<Transport, Request>): void {
    this.#waiters.claim(connection)
  }

  /** The dial succeeded. */
  opened(connection: Connection<Transport, Request>, nowMs: number): void {
    this.#roster.open(connection, nowMs)
    const waiter = this.#waiters.leaveForOpened(connection)
    this.#turns.settle(connection.origin)
    // A connection serves at least one of those that waited for it, whatever the policies say.
    if (waiter === undefined) {
      this.#keeper.keepOrDiscard(connection, this.#isDraining, nowMs)
    } else this.#lend(connection, waiter.request, waiter, nowMs)
    this.#placeChanged(connection.origin, nowMs)
  }

  /** The dial came to nothing. The one waiter that it was begun for, if it still waits, fails. */
  dialFailed(connection: Connection<Transport, Request>, error: Error, nowMs: number): void {
    this.#roster.fail(connection, nowMs)
    const waiter = this.#waiters.leaveForFailed(connection)
    this.#warmer.giveUp(connection.origin)
    this.#originChanged(connection.origin)
    if (waiter !== undefined) this.#refuse(waiter.originKey, waiter.request, error, nowMs)
    this.#dialer.dialInTurn(nowMs)
  }

  /** The connection takes no further request: it closes now, or once its present one is served. */
  retire(connection: Connection<Transport, Request>, reason: CloseReason, nowMs: number): void {
    if (connection.state === STATES.idle) {
      this.#keeper.end(connection, reason, nowMs)
    } else if (connection.state === STATES.leased) {
      this.#roster.retire(connection, reason, nowMs)
    }
  }

  /** The connection, which had opened, is gone. */
  closed(connection: Connection<Transport, Request>, reason: CloseReason, nowMs: number): void {
    const wasIdle = connection.state === STATES.idle
    this.#roster.close(connection, reason, nowMs)
    if (wasIdle) this.#keeper.lose(connection, reason, nowMs)
    this.#originChanged(connection.origin)
    this.#placeChanged(connection.origin, nowMs)
  }

  /** The request keeps the connection for good (upgrade, CONNECT). */
  detach(connection: Connection<Transport, Request>, nowMs: number): void {
    this.#roster.detach(connection, nowMs)
    this.#originChanged(connection.origin)
    this.#dialer.dialInTurn(nowMs)
  }

  /** Does what is due: closes expired connections and refuses waiters whose time is up. */
  advance(nowMs: number): void {
    this.#keeper.expire(nowMs)
    const { acquireTimeoutMs } = this.#policy
    while (true) {
      const waiter = this.#waiters.oldest
      if (waiter === undefined || nowMs < waiter.queuedAtMs + acquireTimeoutMs) return
      const { originKey, request } = waiter
      const occupancy = this.#roster.occupancyOf(this.#roster.originOf(originKey))
      this.#dismiss(waiter)
      const error = new AcquireTimeoutError(originKey, acquireTimeoutMs, occupancy)
      this.#refuse(originKey, request, error, nowMs)
    }
  }

  /** Serves those that wait, takes nobody else, and closes what nobody needs until {@link isEmpty}. */
  drain(nowMs: number): void {
    this.#isDraining = true
    for (const connection of this.#roster.connections()) {
      if (connection.origin.oldestWaiter === undefined) this.retire(connection, 'drained', nowMs)
    }
  }

  /** Everybody who waits gets an error; for a drain that has lasted too long. */
  refuseWaiters(nowMs: number): void {
    for (let waiter = this.#waiters.oldest; waiter; waiter = this.#waiters.oldest) {
      const { originKey, request } = waiter
      this.#dismiss(waiter)
      this.#refuse(originKey, request, new PoolClosedError(originKey), nowMs)
    }
  }

  /**
   * Closes every connection, those in use and those being dialled included. Requests that wait for no
   * dial of their own are dialled for anew.
   */
  destroy(nowMs: number): void {
    const doomed = [...this.#roster.connections()].filter(({ state }) => state !== STATES.closing)
    for (const connection of doomed) {
      this.#waiters.giveUp(connection)
      this.#keeper.remove(connection)
      this.#roster.end(connection, 'destroyed', nowMs)
      this.#turns.settle(connection.origin)
    }
    for (const connection of doomed) {
      if (connection.state !== STATES.closing) continue
      this.#effects.close(connection, connection.closeReason as CloseReason)
    }
    this.#dialer.dialInTurn(nowMs)
  }

  /** A snapshot, in total and by origin. O(origins). */
  stats(): PoolStats {
    return this.#roster.stats(this.#waiters.size, this.#waiters.queuedCount)
  }

  /** Gives a connection that is in no list to a request. */
  #lend(
    connection: Connection<Transport, Request>,
    request: Request,
    waiter: RequestWaiter<Transport, Request> | undefined,
    nowMs: number,
  ): void {
    this.#roster.lease(connection)
    // A connection that no policy would keep after this request serves its last one, and says so.
    const verdict = this.#keeper.judge(connection, nowMs)
    if (typeof verdict !== 'number') this.#roster.retire(connection, verdict, nowMs)
    if (waiter !== undefined) this.#roster.tellLeased(waiter, connection, nowMs)
    this.#effects.grant(request, connection)
  }

  /** Lets a request wait, and dials for it where the caps allow. */
  #wait(
    originKey: string,
    request: Request,
    nowMs: number,
  ): RequestWaiter<Transport, Request> | undefined {
    const origin = this.#roster.originOf(originKey)
    const { maxQueuedRequests } = this.#policy
    if (origin.queued.size >= maxQueuedRequests && !this.#dialer.hasDialFor(origin)) {
      const occupancy = this.#roster.occupancyOf(origin)
      const error = new QueueFullError(originKey, maxQueuedRequests, occupancy)
      this.#originChanged(origin)
      this.#refuse(originKey, request, error, nowMs)
      return undefined
    }
    const waiter = this.#waiters.join(origin, request, nowMs)
    this.#turns.settle(origin)
    this.#dialer.dialInTurn(nowMs)
    this.#roster.countWait(origin, waiter, nowMs)
    return waiter
  }

  /** Takes a waiter out of the queue. This frees no place, so that nobody's turn comes by it. */
  #dismiss(waiter: RequestWaiter<Transport, Request>): void {
    const origin = this.#roster.originOf(waiter.originKey)
    this.#waiters.leave(origin, waiter)
    this.#originChanged(origin)
  }

  #refuse(originKey: string, request: Request, error: Error, nowMs: number): void {
    this.#roster.countRejection(originKey, error, nowMs)
    this.#effects.reject(request, error)
  }

  /** A place, or the way to one, is free: whoever waits comes first. */
  #placeChanged(origin: ConnectionOrigin<Transport, Request>, nowMs: number): void {
    this.#dialer.dialInTurn(nowMs)
    this.#warmer.fill(origin, nowMs)
  }

  #originChanged(origin: ConnectionOrigin<Transport, Request>): void {
    this.#turns.settle(origin)
    this.#roster.forgetIfEmpty(origin)
  }
}
