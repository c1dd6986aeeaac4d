import type { Closer } from '../closing/closer.ts'
import type { Connection, RequestWaiter } from '../connection/connection.ts'
import { STATES } from '../connection/lifecycle.ts'
import type { Registry } from '../connection/registry.ts'
import type { Dialer } from '../dialing/dialer.ts'
import type { WaitQueue } from '../dialing/wait-queue.ts'
import { AcquireTimeoutError, PoolClosedError, QueueFullError } from '../errors.ts'
import type { Maintenance } from '../maintenance.ts'
import type { PoolOptions } from '../options/pool-options.ts'
import type { PoolParts } from '../pool-parts.ts'
import type { PoolRequest } from './pool-request.ts'
import { Reprieve } from './reprieve.ts'
import type { RequestRegistry } from './request-registry.ts'

/**
 * Admission of requests to the queue, and rejection of those that the queue has no room or no time
 * for.
 */
export class Admission<Transport, Request extends PoolRequest> {
  readonly #maxQueuedRequests: number
  readonly #acquireTimeoutMs: number
  readonly #effects: PoolOptions<Transport, Request>['effects']
  readonly #registry: Registry<Transport, Request>
  readonly #requests: RequestRegistry<Request>
  readonly #waiters: WaitQueue<Transport, Request>
  readonly #dialer: Dialer<Transport, Request>
  readonly #maintenance: Maintenance<Transport, Request>
  readonly #closer: Closer<Transport, Request>
  readonly #reprieve: Reprieve = new Reprieve()

  constructor(
    { effects, policy }: PoolOptions<Transport, Request>,
    { closer, dialer, registry, requests, waiters }: PoolParts<Transport, Request>,
    maintenance: Maintenance<Transport, Request>,
  ) {
    this.#maxQueuedRequests = policy.maxQueuedRequests
    this.#acquireTimeoutMs = policy.acquireTimeoutMs
    this.#effects = effects
    this.#registry = registry
    this.#requests = requests
    this.#waiters = waiters
    this.#dialer = dialer
    this.#maintenance = maintenance
    this.#closer = closer
  }

  /** The deadline of the first waiter. */
  get nextDeadlineMs(): number {
    return this.#reprieve.wakeUpFor(this.#oldestDeadlineMs)
  }

  /** Lets a request wait where the queue has room, and dials for it where the caps allow. */
  wait(request: Request, nowMs: number): void {
    const { target } = request
    const origin = this.#registry.originOf(target)
    if (origin.queued.size >= this.#maxQueuedRequests && !this.#dialer.hasDialFor(origin)) {
      const occupancy = this.#registry.occupancyOf(origin)
      this.#maintenance.changed(origin)
      const error = new QueueFullError(target.name, this.#maxQueuedRequests, occupancy)
      this.refuse(request, error, nowMs)
      return
    }
    this.#requests.queue(request, nowMs)
    const waiter = this.#waiters.join(origin, request, nowMs)
    this.#maintenance.changed(origin)
    this.#dialer.dialInTurn(nowMs)
    this.#registry.countWait(origin, waiter, nowMs)
    this.#closer.shortenWaits(origin, nowMs)
  }

  /**
   * Lets a request wait again that has lost its connection. It takes only a dial of its own, and
   * neither a full queue nor a drain rejects it: it was admitted before.
   */
  waitAgain(request: Request, nowMs: number): RequestWaiter<Transport, Request> {
    const origin = this.#registry.originOf(request.target)
    return this.#waiters.joinFresh(origin, request, nowMs)
  }

  /** Removes a waiter that is served. */
  dismiss(waiter: RequestWaiter<Transport, Request>): void {
    const origin = this.#registry.originOf(waiter.target)
    this.#waiters.leave(origin, waiter)
    this.#maintenance.changed(origin)
  }

  /** Removes a waiter that gives up, and ends its dial unless another one takes it. */
  withdraw(waiter: RequestWaiter<Transport, Request>, nowMs: number): void {
    const dial = this.#leave(waiter, nowMs)
    this.#requests.abort(waiter.request, nowMs)
    if (dial !== undefined) this.#effects.close(dial, 'aborted')
  }

  /** Rejects requests whose time is up. After a late wake-up they get a reprieve once. */
  refuseOverdue(nowMs: number): void {
    while (this.#reprieve.isOver(this.#oldestDeadlineMs, nowMs)) {
      const waiter = this.#waiters.oldest as RequestWaiter<Transport, Request>
      const { target } = waiter
      const occupancy = this.#registry.occupancyOf(this.#registry.originOf(target))
      const error = new AcquireTimeoutError(target.name, this.#acquireTimeoutMs, occupancy)
      this.#refuseWaiter(waiter, error, nowMs)
    }
  }

  /** Rejects every request that waits. */
  refuseAll(nowMs: number): void {
    for (let waiter = this.#waiters.oldest; waiter; waiter = this.#waiters.oldest) {
      this.#refuseWaiter(waiter, new PoolClosedError(waiter.target.name), nowMs)
    }
  }

  refuseClosed(request: Request, nowMs: number): void {
    this.refuse(request, new PoolClosedError(request.target.name), nowMs)
  }

  refuse(request: Request, error: Error, nowMs: number): void {
    this.#requests.reject(request, nowMs)
    this.#registry.countRejection(request.target, error, nowMs)
    this.#effects.reject(request, error)
  }

  #refuseWaiter(waiter: RequestWaiter<Transport, Request>, error: Error, nowMs: number): void {
    const dial = this.#leave(waiter, nowMs)
    // The request may have the dial's socket, and must get this error, not that of the close.
    this.refuse(waiter.request, error, nowMs)
    if (dial?.state === STATES.closing) this.#effects.close(dial, 'aborted')
  }

  /** Removes a waiter that gives up. Returns its dial where that must close now. */
  #leave(
    waiter: RequestWaiter<Transport, Request>,
    nowMs: number,
  ): Connection<Transport, Request> | undefined {
    const origin = this.#registry.originOf(waiter.target)
    const dial = this.#waiters.withdraw(origin, waiter)
    if (dial !== undefined) this.#registry.retire(dial, 'aborted', nowMs)
    this.#maintenance.changed(origin)
    return dial
  }

  get #oldestDeadlineMs(): number {
    const { oldest } = this.#waiters
    return oldest === undefined
      ? Number.POSITIVE_INFINITY
      : oldest.queuedAtMs + this.#acquireTimeoutMs
  }
}
