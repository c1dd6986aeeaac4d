import type { AddressKeeper } from './addresses/address-keeper.ts'
import { Closer } from './closing/closer.ts'
import type { CloseReason } from './connection/close-reason.ts'
import type { Connection, ConnectionOrigin, RequestWaiter } from './connection/connection.ts'
import { IdleLimits } from './connection/idle-limits.ts'
import { STATES } from './connection/lifecycle.ts'
import type { OriginTarget } from './connection/origin-target.ts'
import { Registry } from './connection/registry.ts'
import type { PoolStats } from './connection/stats.ts'
import { DialPauses } from './dialing/dial-pauses.ts'
import { DialScheduler } from './dialing/dial-scheduler.ts'
import { Dialer } from './dialing/dialer.ts'
import { WaitQueue } from './dialing/wait-queue.ts'
import { checkWarmCount } from './dialing/warmer.ts'
import type { Effects } from './effects.ts'
import { IdleKeeper } from './idle/idle-keeper.ts'
import { IdleSet } from './idle/idle-set.ts'
import { Maintenance } from './maintenance.ts'
import { checkCaps } from './options/check-caps.ts'
import type { PoolOptions } from './options/pool-options.ts'
import { Admission } from './request/admission.ts'
import type { LossVerdict } from './request/after-loss.ts'
import type { PoolRequest } from './request/pool-request.ts'
import type { RequestFailure } from './request/request-failure.ts'
import { type Loss, RequestRegistry } from './request/request-registry.ts'
import { ResponseWatch } from './request/response-watch.ts'

/**
 * A keepalive-aware connection pool: decides which connection serves which request, and for how
 * long a connection is kept. It alone owns the idle connections, the counts and the queue; time is
 * an argument, and everything that it makes happen leaves through its {@link Effects}.
 *
 * Lease and release are O(1) and allocate nothing, except in the deadline queue, which is O(log n)
 * where connections are not released in the order of their deadlines.
 */
export class Pool<Transport, Request extends PoolRequest> {
  /** The registry of requests. A driver reports to it how far each has come. */
  readonly requests: RequestRegistry<Request>
  readonly #effects: Effects<Transport, Request>
  readonly #registry: Registry<Transport, Request>
  readonly #waiters: WaitQueue<Transport, Request>
  readonly #dialScheduler: DialScheduler<Transport, Request>
  readonly #closer: Closer<Transport, Request>
  readonly #keeper: IdleKeeper<Transport, Request>
  readonly #dialer: Dialer<Transport, Request>
  readonly #maintenance: Maintenance<Transport, Request>
  readonly #admission: Admission<Transport, Request>
  /**
   * The watch over silent responses; `undefined` where `responseTimeoutMs` is off, so that a lease
   * costs nothing for it.
   */
  readonly #responses: ResponseWatch<Transport, Request> | undefined
  #isDraining = false

  /** @throws InvalidOptionError (`ERR_HOLDFAST_INVALID_OPTION`) where policy and caps contradict. */
  constructor(options: PoolOptions<Transport, Request>) {
    const { policy, caps } = options
    checkCaps(policy, caps)
    this.#effects = options.effects
    const idleLimits = new IdleLimits()
    const pauses = policy.minIdlePerOrigin > 0 ? new DialPauses() : undefined
    const registry = new Registry<Transport, Request>(
      options.onEvent,
      idleLimits,
      options.wantsEvent,
    )
    const dialScheduler = new DialScheduler(caps, policy.maxConnectingPerOrigin, registry)
    const idle = new IdleSet<Transport, Request>(options.scheduling, idleLimits, pauses)
    const closer = new Closer(options, registry, dialScheduler)
    const keeper = new IdleKeeper(options, { registry, dialScheduler, idle, closer })
    const waiters = new WaitQueue<Transport, Request>(policy)
    const dialer = new Dialer(options, { registry, waiters, dialScheduler, keeper, closer })
    this.#registry = registry
    this.#waiters = waiters
    this.#dialScheduler = dialScheduler
    this.#closer = closer
    this.#keeper = keeper
    this.#dialer = dialer
    this.requests = new RequestRegistry(policy, options.onIllegalMove)
    const { requests } = this
    const parts = { registry, requests, waiters, dialScheduler, keeper, closer, dialer, pauses }
    this.#maintenance = new Maintenance(options, parts)
    this.#admission = new Admission(options, parts, this.#maintenance)
    this.#responses = Number.isFinite(policy.responseTimeoutMs)
      ? new ResponseWatch(options, registry)
      : undefined
  }

  /** Origins that have a connection or a waiter, by key. */
  get origins(): ReadonlyMap<string, ConnectionOrigin<Transport, Request>> {
    return this.#registry.origins
  }

  /** The addresses of all names; `undefined` where `policy.addresses` is off. */
  get addresses(): AddressKeeper<Transport, Request> | undefined {
    return this.#maintenance.addresses
  }

  /** Number of connections, from the start of their dial until their descriptor is gone. */
  get openCount(): number {
    return this.#registry.openCount
  }

  /** Whether it has no connection and no waiter. */
  get isEmpty(): boolean {
    return this.#registry.origins.size === 0
  }

  /**
   * Whether a request depends on a deadline: it fails after some time, or needs the place of a
   * connection whose peer may not close.
   */
  get isDeadlineAwaited(): boolean {
    return this.#closer.isAwaited || this.#admission.nextDeadlineMs !== Number.POSITIVE_INFINITY
  }

  /** The next instant at which {@link advance} has something to do. */
  get nextDeadlineMs(): number {
    const nextDeadlineMs = Math.min(
      this.#keeper.nextDeadlineMs,
      this.#closer.nextDeadlineMs,
      this.#admission.nextDeadlineMs,
      this.#maintenance.nextDeadlineMs,
    )
    return this.#responses === undefined
      ? nextDeadlineMs
      : Math.min(nextDeadlineMs, this.#responses.nextDeadlineMs)
  }

  /**
   * Asks for a connection, once for each request. The request is granted one, or rejected, within
   * the call or later.
   */
  lease(request: Request, nowMs: number): void {
    if (!this.requests.ask(request)) return
    if (this.#isDraining) {
      this.#admission.refuseClosed(request, nowMs)
      return
    }
    const connection = this.#keeper.take(request.target.key, request, nowMs)
    if (connection === undefined) {
      this.#admission.wait(request, nowMs)
      return
    }
    this.#lend(connection, request, undefined, nowMs)
    this.#maintenance.serveQueue(nowMs)
  }

  /**
   * Dials until `count` connections of the origin are idle or being dialled, as far as the caps
   * allow, without taking a place that a request waits for. The first dial that fails ends those
   * that have not begun.
   *
   * @param count A whole number from 0 to 10 000.
   * @returns The number of dials, those included that begin only after others of them
   * (`maxConnectingPerOrigin`).
   * @throws InvalidArgumentError (`ERR_HOLDFAST_INVALID_ARGUMENT`) for a count out of bounds.
   */
  warm(target: OriginTarget, count: number, nowMs: number): number {
    checkWarmCount(count)
    this.#maintenance.serveQueue(nowMs)
    const origin = this.#registry.originOf(target)
    const dialCount = this.#maintenance.warmer.warm(origin, count, nowMs)
    this.#maintenance.changed(origin)
    return dialCount
  }

  /**
   * Adopts a connection that was opened elsewhere, to be reported by {@link opened}.
   *
   * @returns `undefined` where the caps leave no place for it.
   */
  adopt(target: OriginTarget, nowMs: number): Connection<Transport, Request> | undefined {
    const origin = this.#registry.originOf(target)
    const connection = this.#dialer.adopt(origin, nowMs)
    this.#maintenance.changed(origin)
    return connection
  }

  /**
   * Takes a connection back whose request is served. It may serve another one unless it was retired
   * meanwhile.
   */
  release(connection: Connection<Transport, Request>, nowMs: number): void {
    if (connection.state === STATES.draining) {
      this.#finish(connection, nowMs)
      return
    }
    this.#registry.release(connection, nowMs)
    this.#responses?.end(connection)
    this.#endRequest(connection, nowMs)
    this.#maintenance.warmer.proved(connection)
    if (this.#dialScheduler.isAnyoneQueued) this.#dialScheduler.followCaps()
    const waiter = connection.origin.oldestWaiter
    if (waiter === undefined) this.#keep(connection, true, nowMs)
    else this.#handOn(connection, waiter, nowMs)
    this.#maintenance.serveQueue(nowMs)
  }

  /**
   * Cancels a request that waits. Its dial ends with it, unless binding is late and another request
   * waits without one. Does nothing where the request does not wait.
   */
  cancel(request: Request, nowMs: number): void {
    const waiter = request.waiter as RequestWaiter<Transport, Request> | undefined
    if (waiter === undefined) return
    this.#admission.withdraw(waiter, nowMs)
    this.#maintenance.serveQueue(nowMs)
  }

  /** Reports that the dial succeeded. */
  opened(connection: Connection<Transport, Request>, nowMs: number): void {
    this.#registry.open(connection, nowMs)
    this.addresses?.opened(connection)
    const waiter = this.#waiters.leaveForOpened(connection)
    this.#dialScheduler.settle(connection.origin)
    // A connection serves at least one request that waited for it, whatever the policies say.
    if (waiter === undefined) this.#keep(connection, false, nowMs)
    else this.#lend(connection, waiter.request, waiter, nowMs)
    this.#maintenance.fill(connection.origin, nowMs)
  }

  /**
   * Reports that the dial failed, or has ended after it was given up. The waiter that it was begun
   * for fails, if it still waits.
   */
  dialFailed(connection: Connection<Transport, Request>, error: Error, nowMs: number): void {
    const isGivenUp = connection.state === STATES.closing
    this.#registry.fail(connection, nowMs)
    const waiter = this.#waiters.leaveForFailed(connection)
    if (!isGivenUp) {
      this.addresses?.failed(connection, nowMs)
      this.#maintenance.warmer.backOff(connection.origin, nowMs)
    }
    this.#maintenance.changed(connection.origin)
    if (waiter !== undefined) {
      this.#admission.refuse(waiter.request, error, nowMs)
    }
    this.#maintenance.fill(connection.origin, nowMs)
  }

  /**
   * Ends reuse of the connection: it closes now, or once its present request is served. One that
   * lingers closes now.
   */
  retire(connection: Connection<Transport, Request>, reason: CloseReason, nowMs: number): void {
    if (connection.state === STATES.idle) {
      this.#keeper.end(connection, reason, nowMs)
    } else if (connection.state === STATES.leased) {
      this.#registry.retire(connection, reason, nowMs)
    } else if (connection.state === STATES.lingering) {
      this.#closer.end(connection, reason)
    }
    this.#maintenance.serveQueue(nowMs)
  }

  /**
   * Reports that a request loses its connection, and decides what follows. Where the request goes
   * on, the connection is gone for the pool, and the request takes only a dial of its own, before
   * others of its origin: where the caps are reached, an idle connection of its origin closes for
   * it, or one that is given back.
   *
   * On the verdict `'fail'`, the connection must still be reported {@link closed}.
   */
  lose(
    connection: Connection<Transport, Request>,
    loss: Loss,
    reason: CloseReason,
    nowMs: number,
  ): LossVerdict {
    const { origin, request } = connection
    if (request === undefined) return 'fail'
    const verdict = this.requests.lose(request, connection, loss, nowMs)
    if (verdict === 'fail') return verdict
    connection.request = undefined
    // The wait begins before the connection goes, so that a drain does not end too soon.
    const waiter = this.#admission.waitAgain(request, nowMs)
    if (verdict === 'resend') this.#registry.countReplay(connection, nowMs)
    else this.#registry.countMove(connection, nowMs)
    this.#forget(connection, reason, nowMs)
    this.#effects.takeBack(request, connection)
    this.#maintenance.leftPlace(origin, nowMs)
    this.#registry.countWait(origin, waiter, nowMs)
    this.#closer.shortenWaits(origin, nowMs)
    return verdict
  }

  /** Records that the caller of a request that had a connection gets an error. */
  tellFailure(request: Request, failure: RequestFailure, nowMs: number): void {
    request.failure = failure
    this.#registry.countFailure(request, failure, nowMs)
  }

  /** Reports that the connection, which had opened, is gone. */
  closed(connection: Connection<Transport, Request>, reason: CloseReason, nowMs: number): void {
    const { origin, request } = connection
    this.#forget(connection, reason, nowMs)
    if (request !== undefined) {
      connection.request = undefined
      this.requests.fail(request)
    }
    this.#maintenance.leftPlace(origin, nowMs)
  }

  /** Removes a connection that its request keeps for good (upgrade, CONNECT). */
  detach(connection: Connection<Transport, Request>, nowMs: number): void {
    this.#registry.detach(connection, nowMs)
    this.#responses?.end(connection)
    this.#endRequest(connection, nowMs)
    this.#maintenance.leftPlace(connection.origin, nowMs)
  }

  /**
   * Does what is due: closes connections that have expired, are not needed, or have been silent for
   * too long, keeps origins warm, and rejects requests whose time is up. After a late call, a dial
   * may have succeeded or a response arrived that has not been reported yet: overdue requests then
   * get until the next call, which is due at once.
   */
  advance(nowMs: number): void {
    this.#keeper.expire(nowMs)
    this.#closer.advance(nowMs)
    this.#maintenance.advance(nowMs)
    this.#responses?.advance(nowMs)
    this.#admission.refuseOverdue(nowMs)
    this.#maintenance.serveQueue(nowMs)
  }

  /**
   * Drains the pool: rejects new requests, serves those that wait, and closes each connection that
   * none of them needs, until {@link isEmpty}.
   */
  drain(nowMs: number): void {
    this.#isDraining = true
    this.#maintenance.warmer.stop()
    this.addresses?.stop()
    for (const connection of this.#registry.connections()) {
      const isNeeded = connection.origin.oldestWaiter !== undefined
      // A connection that lingers still waits for its peer.
      if (!(isNeeded || connection.isClosing)) this.retire(connection, 'drained', nowMs)
    }
  }

  /** Rejects every request that waits, for a drain that has lasted too long. */
  refuseWaiters(nowMs: number): void {
    this.#admission.refuseAll(nowMs)
  }

  /**
   * Closes every connection, those in use and those being dialled included, together with their
   * requests. Requests that wait without a dial of their own are dialled for anew.
   */
  destroy(nowMs: number): void {
    this.#maintenance.warmer.stopWarming()
    const doomed = [...this.#registry.connections()].filter(({ state }) => state !== STATES.closing)
    for (const connection of doomed) {
      this.#waiters.abandon(connection)
      this.#keeper.remove(connection)
      this.#closer.remove(connection)
      if (connection.isInUse) this.#responses?.end(connection)
      if (connection.request !== undefined) this.requests.doom(connection.request)
      this.#registry.end(connection, 'destroyed', nowMs)
      this.#dialScheduler.settle(connection.origin)
    }
    for (const connection of doomed) {
      if (connection.state !== STATES.closing) continue
      this.#effects.close(connection, connection.closeReason as CloseReason)
    }
    this.#maintenance.serveQueue(nowMs)
  }

  /** Takes a snapshot, in total and by origin. O(origins). */
  stats(): PoolStats {
    return this.#registry.stats(this.#waiters.size, this.#waiters.queuedCount)
  }

  /** Gives a connection that is in no list to a request. */
  #lend(
    connection: Connection<Transport, Request>,
    request: Request,
    waiter: RequestWaiter<Transport, Request> | undefined,
    nowMs: number,
  ): void {
    this.#registry.lease(connection)
    connection.request = request
    this.requests.grant(request, connection, nowMs)
    this.#responses?.begin(connection, nowMs)
    this.#maintenance.leased(connection.origin, nowMs)
    // A connection that no policy would keep after this request serves its last one, and can
    // announce it.
    const verdict =
      connection.requestCount === 1
        ? this.#keeper.judge(connection, nowMs)
        : this.#keeper.recount(connection, nowMs)
    if (typeof verdict !== 'number') this.#registry.retire(connection, verdict, nowMs)
    if (waiter !== undefined) this.#registry.tellLeased(waiter, connection, nowMs)
    this.#effects.grant(request, connection)
    this.#maintenance.served(connection.origin, nowMs)
  }

  /** Ends a connection that has served its last request. */
  #finish(connection: Connection<Transport, Request>, nowMs: number): void {
    this.#responses?.end(connection)
    this.#endRequest(connection, nowMs)
    this.#maintenance.warmer.proved(connection)
    this.#closer.close(connection, connection.closeReason as CloseReason, nowMs)
    this.#maintenance.serveQueue(nowMs)
  }

  #endRequest(connection: Connection<Transport, Request>, nowMs: number): void {
    const { request } = connection
    if (request === undefined) return
    connection.request = undefined
    this.requests.end(request, nowMs)
  }

  /** Forgets a connection that had opened and holds no descriptor any more. */
  #forget(connection: Connection<Transport, Request>, reason: CloseReason, nowMs: number): void {
    const { state, isInUse } = connection
    this.#registry.close(connection, reason, nowMs)
    if (isInUse) this.#responses?.end(connection)
    if (state === STATES.idle) this.#keeper.lose(connection, reason, nowMs)
    else if (state === STATES.lingering) this.#closer.lose(connection, reason)
    else if (state !== STATES.closing) this.#maintenance.warmer.lost(connection, nowMs)
  }

  /** Gives a connection that is in no list straight to a waiter of its origin, or closes it. */
  #handOn(
    connection: Connection<Transport, Request>,
    waiter: RequestWaiter<Transport, Request>,
    nowMs: number,
  ): void {
    const refusal = this.#keeper.refusalOf(connection, waiter.request, nowMs)
    if (refusal !== undefined) {
      this.#keeper.discard(connection, refusal, nowMs)
    } else if (this.#dialScheduler.mustYield(connection)) {
      this.#keeper.discard(connection, 'evicted', nowMs)
    } else {
      connection.handOns++
      this.#admission.dismiss(waiter)
      this.#lend(connection, waiter.request, waiter, nowMs)
    }
  }

  /** Keeps a connection that is in no list for a later request, or closes it. */
  #keep(connection: Connection<Transport, Request>, wasInUse: boolean, nowMs: number): void {
    this.#keeper.keepOrDiscard(connection, wasInUse, this.#isDraining, nowMs)
    this.#maintenance.leased(connection.origin, nowMs)
  }
}
