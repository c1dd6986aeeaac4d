import type { CloseReason } from './close-reason.ts'
import type { Connection, ConnectionOrigin, RequestWaiter } from './connection.ts'
import { Dialer } from './dialer.ts'
import type { Effects } from './effects.ts'
import { AcquireTimeoutError, PoolClosedError, QueueFullError } from './errors.ts'
import { IdleLimits } from './idle-limits.ts'
import { IdleSet } from './idle-set.ts'
import { STATES } from './lifecycle.ts'
import { judgeOf } from './policies/judge.ts'
import type { Policy } from './policies/policy.ts'
import type { ResolvedPolicy } from './policies/resolve-policy.ts'
import type { PoolOptions } from './pool-options.ts'
import { Roster } from './roster.ts'
import type { PoolStats } from './stats.ts'
import { Turns } from './turns.ts'
import { WaitQueue } from './wait-queue.ts'

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
  readonly #caps: PoolOptions<Transport, Request>['caps']
  readonly #effects: Effects<Transport, Request>
  readonly #judge: Policy
  readonly #peeks: boolean
  readonly #idle: IdleSet<Transport, Request>
  readonly #roster: Roster<Transport, Request>
  readonly #waiters: WaitQueue<Transport, Request> = new WaitQueue()
  readonly #turns: Turns<Transport, Request>
  readonly #dialer: Dialer<Transport, Request>
  #isDraining = false

  constructor(options: PoolOptions<Transport, Request>) {
    const { policy, caps } = options
    this.#policy = policy
    this.#caps = caps
    this.#effects = options.effects
    const idleLimits = new IdleLimits()
    this.#roster = new Roster(options.onEvent, idleLimits, options.wantsEvent)
    this.#judge = judgeOf(policy)
    this.#peeks = policy.staleCheck === 'peek'
    this.#idle = new IdleSet(options.scheduling, idleLimits)
    this.#turns = new Turns(caps, policy.maxConnectingPerOrigin, this.#roster)
    this.#dialer = new Dialer({
      effects: options.effects,
      random: options.random,
      roster: this.#roster,
      waiters: this.#waiters,
      turns: this.#turns,
      idle: this.#idle,
    })
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
    const idleDeadlineMs = this.#idle.firstToExpire?.expiresAtMs ?? Number.POSITIVE_INFINITY
    const { oldest } = this.#waiters
    if (oldest === undefined) return idleDeadlineMs
    return Math.min(idleDeadlineMs, oldest.queuedAtMs + this.#policy.acquireTimeoutMs)
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
    const connection = this.#nextUsable(originKey, nowMs)
    if (connection === undefined) return this.#wait(originKey, request, nowMs)
    this.#idle.remove(connection)
    this.#lend(connection, request, nowMs)
    return undefined
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
      this.#keepOrDiscard(connection, nowMs)
      // The total cap may have been raised since somebody was told to wait.
      if (this.#turns.isAwaited) this.#dialer.dialInTurn(nowMs)
      return
    }
    const verdict = this.#judge(connection, nowMs)
    if (typeof verdict !== 'number') {
      this.#discard(connection, verdict, nowMs)
    } else if (this.#turns.mustYield(connection)) {
      this.#discard(connection, 'evicted', nowMs)
    } else {
      connection.handOns++
      this.#dismiss(waiter)
      this.#lend(connection, waiter.request, nowMs)
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
    if (waiter === undefined) this.#keepOrDiscard(connection, nowMs)
    else this.#lend(connection, waiter.request, nowMs)
    this.#dialer.dialInTurn(nowMs)
  }

  /** The dial came to nothing. The one waiter that it was begun for, if it still waits, fails. */
  dialFailed(connection: Connection<Transport, Request>, error: Error, nowMs: number): void {
    this.#roster.fail(connection, nowMs)
    const waiter = this.#waiters.leaveForFailed(connection)
    this.#originChanged(connection.origin)
    if (waiter !== undefined) this.#refuse(waiter.originKey, waiter.request, error, nowMs)
    this.#dialer.dialInTurn(nowMs)
  }

  /** The connection takes no further request: it closes now, or once its present one is served. */
  retire(connection: Connection<Transport, Request>, reason: CloseReason, nowMs: number): void {
    if (connection.state === STATES.idle) {
      this.#idle.end(connection, reason, nowMs)
      this.#discard(connection, reason, nowMs)
    } else if (connection.state === STATES.leased) {
      this.#roster.retire(connection, reason, nowMs)
    }
  }

  /** The connection, which had opened, is gone. */
  closed(connection: Connection<Transport, Request>, reason: CloseReason, nowMs: number): void {
    const wasIdle = connection.state === STATES.idle
    this.#roster.close(connection, reason, nowMs)
    if (wasIdle) this.#idle.end(connection, reason, nowMs)
    this.#originChanged(connection.origin)
    this.#dialer.dialInTurn(nowMs)
  }

  /** The request keeps the connection for good (upgrade, CONNECT). */
  detach(connection: Connection<Transport, Request>, nowMs: number): void {
    this.#roster.detach(connection, nowMs)
    this.#originChanged(connection.origin)
    this.#dialer.dialInTurn(nowMs)
  }

  /** Does what is due: closes expired connections and refuses waiters whose time is up. */
  advance(nowMs: number): void {
    this.#expire(nowMs)
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
      if (connection.state === STATES.idle) this.#idle.remove(connection)
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

  /** The idle connection to use, once those that may not be used any more are out of the way. */
  #nextUsable(originKey: string, nowMs: number): Connection<Transport, Request> | undefined {
    while (true) {
      // Looked up each time: an effect that calls back may have ended the origin, and begun it anew.
      const origin = this.#roster.origins.get(originKey)
      const connection = origin && this.#idle.next(origin)
      if (connection === undefined) return undefined
      const refusal = this.#refusalOf(connection, nowMs)
      if (refusal === undefined) return connection
      this.retire(connection, refusal, nowMs)
    }
  }

  #refusalOf(connection: Connection<Transport, Request>, nowMs: number): CloseReason | undefined {
    const verdict = this.#judge(connection, nowMs)
    if (typeof verdict !== 'number') return verdict
    return this.#peeks ? this.#effects.peek(connection, nowMs) : undefined
  }

  /** Gives a connection that is in no list to a request. */
  #lend(connection: Connection<Transport, Request>, request: Request, nowMs: number): void {
    this.#roster.lease(connection)
    // A connection that no policy would keep after this request serves its last one, and says so.
    const verdict = this.#judge(connection, nowMs)
    if (typeof verdict !== 'number') this.#roster.retire(connection, verdict, nowMs)
    this.#effects.grant(request, connection)
  }

  /** Keeps a connection that is in no list for a later request, or closes it. */
  #keepOrDiscard(connection: Connection<Transport, Request>, nowMs: number): void {
    const verdict = this.#judge(connection, nowMs)
    if (typeof verdict !== 'number') {
      this.#discard(connection, verdict, nowMs)
    } else if (this.#isDraining) {
      this.#discard(connection, 'drained', nowMs)
    } else if (this.#turns.lackPlaceBeside(connection.origin)) {
      this.#discard(connection, 'evicted', nowMs)
    } else if (connection.origin.idle.size >= this.#caps.maxIdlePerOrigin) {
      this.#discard(connection, 'trimmed', nowMs)
    } else {
      connection.handOns = 0
      this.#idle.add(connection, verdict)
    }
  }

  /** Closes a connection that is `idle` and in no list. */
  #discard(connection: Connection<Transport, Request>, reason: CloseReason, nowMs: number): void {
    this.#roster.retire(connection, reason, nowMs)
    this.#effects.close(connection, reason)
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
    this.#roster.countWait(origin, waiter.originLink.list === origin.queued, nowMs)
    return waiter
  }

  #expire(nowMs: number): void {
    while (true) {
      const connection = this.#idle.firstToExpire
      if (connection === undefined || nowMs < connection.expiresAtMs) return
      const verdict = this.#judge(connection, nowMs)
      if (typeof verdict === 'number') this.#idle.postpone(connection, verdict)
      else this.retire(connection, verdict, nowMs)
    }
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

  #originChanged(origin: ConnectionOrigin<Transport, Request>): void {
    this.#turns.settle(origin)
    this.#roster.forgetIfEmpty(origin)
  }
}
