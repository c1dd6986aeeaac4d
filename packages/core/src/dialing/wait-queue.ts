import type { Connection, ConnectionOrigin, RequestWaiter } from '../connection/connection.ts'
import { STATES } from '../connection/lifecycle.ts'
import type { ResolvedPolicy } from '../policies/resolve-policy.ts'
import type { PoolRequest } from '../request/pool-request.ts'
import { LinkedList } from '../structures/linked-list.ts'
import { Waiter } from './waiter.ts'

/**
 * The requests that wait for a connection, in order, with their dials. A waiter of an origin is
 * bound to a dial (`dialing`) or not (`queued`), and the oldest of these takes the next connection;
 * or it takes only a dial of its own, which it has (`claimed`) or has not yet (`fresh`). A waiter
 * with a dial has claimed it with early binding, and where its request cannot be sent again: such a
 * request takes no used connection while its own opens.
 */
export class WaitQueue<Transport, Request extends PoolRequest> {
  readonly #isBoundEarly: boolean
  /** All waiters, the oldest first: with one time limit for all, the order of their deadlines. */
  readonly #all: LinkedList<RequestWaiter<Transport, Request>> = new LinkedList()
  /** Dials of all origins that no request waits for; the one that has been spare longest first. */
  readonly #spareDials: LinkedList<Connection<Transport, Request>> = new LinkedList()
  /** Number of all waiters without a dial. */
  #queuedCount = 0

  constructor({ binding }: Pick<ResolvedPolicy, 'binding'>) {
    this.#isBoundEarly = binding === 'early'
  }

  get size(): number {
    return this.#all.size
  }

  get queuedCount(): number {
    return this.#queuedCount
  }

  get oldest(): RequestWaiter<Transport, Request> | undefined {
    return this.#all.first
  }

  /** The dial of any origin that has been spare longest. */
  get oldestSpareDial(): Connection<Transport, Request> | undefined {
    return this.#spareDials.first
  }

  /** Adds a dial that no request waits for. */
  addSpare(dial: Connection<Transport, Request>): void {
    dial.origin.spareDials.push(dial.originLink)
    this.#spareDials.push(dial.idleLink)
  }

  /** Adds a waiter, and binds it to a spare dial of its origin where there is one. */
  join(
    origin: ConnectionOrigin<Transport, Request>,
    request: Request,
    nowMs: number,
  ): RequestWaiter<Transport, Request> {
    return this.#join(origin, origin.queued, new Waiter(request, origin.target, nowMs))
  }

  /** Adds a waiter that takes only its own dial, or a spare one. */
  joinFresh(
    origin: ConnectionOrigin<Transport, Request>,
    request: Request,
    nowMs: number,
  ): RequestWaiter<Transport, Request> {
    const waiter = this.#join(origin, origin.fresh, new Waiter(request, origin.target, nowMs))
    if (waiter.dial !== undefined) this.#claim(waiter.dial)
    return waiter
  }

  /**
   * Binds the next waiter without a dial to a dial: the oldest that takes nothing else, or else the
   * oldest of all. There must be one.
   */
  bindNext(
    origin: ConnectionOrigin<Transport, Request>,
    dial: Connection<Transport, Request>,
  ): RequestWaiter<Transport, Request> {
    const fresh = origin.fresh.shift()
    const waiter = fresh ?? (origin.queued.shift() as RequestWaiter<Transport, Request>)
    this.#queuedCount--
    this.#bind(origin, waiter, dial)
    if (fresh !== undefined) this.#claim(dial)
    return waiter
  }

  /** Whether the waiter still waits. */
  has(waiter: RequestWaiter<Transport, Request>): boolean {
    return waiter.originLink.list !== undefined
  }

  /** Removes a waiter that is served. Its dial goes to the next waiter without one, or is spare. */
  leave(
    origin: ConnectionOrigin<Transport, Request>,
    waiter: RequestWaiter<Transport, Request>,
  ): void {
    const { dial } = waiter
    this.#remove(origin, waiter)
    if (dial === undefined) return
    dial.waiter = undefined
    if (dial.state !== STATES.connecting) return
    if (origin.queuedCount > 0) this.bindNext(origin, dial)
    else this.addSpare(dial)
  }

  /**
   * Removes a waiter that gives up.
   *
   * @returns Its dial, where no other waiter takes that over. None does with early binding: the
   * request may have its socket.
   */
  withdraw(
    origin: ConnectionOrigin<Transport, Request>,
    waiter: RequestWaiter<Transport, Request>,
  ): Connection<Transport, Request> | undefined {
    const { dial } = waiter
    this.#remove(origin, waiter)
    if (dial === undefined) return undefined
    dial.waiter = undefined
    if (dial.state !== STATES.connecting) return undefined
    if (this.#isBoundEarly || origin.queuedCount === 0) return dial
    this.bindNext(origin, dial)
    return undefined
  }

  /**
   * Removes the waiter that an opened dial serves: the one that has claimed it, else the oldest of
   * its origin. Where the dial was begun for a later one, that one takes over the dial of the
   * oldest.
   */
  leaveForOpened(
    dial: Connection<Transport, Request>,
  ): RequestWaiter<Transport, Request> | undefined {
    const { origin } = dial
    const own = this.#unbind(dial)
    const isClaimed = own !== undefined && own.originLink.list === origin.claimed
    const oldest = isClaimed ? own : origin.oldestWaiter
    if (oldest === undefined) return undefined
    if (own !== undefined && own !== oldest) {
      own.dial = oldest.dial
      if (own.dial !== undefined) own.dial.waiter = own
      oldest.dial = undefined
    }
    this.leave(origin, oldest)
    return oldest
  }

  /** Removes the waiter that a failed dial was begun for, unless that one has left. */
  leaveForFailed(
    dial: Connection<Transport, Request>,
  ): RequestWaiter<Transport, Request> | undefined {
    const own = this.#unbind(dial)
    if (own !== undefined) this.#remove(dial.origin, own)
    return own
  }

  /**
   * Gives a dial up: no other waiter takes it over, and its waiter takes no other. Does nothing for
   * a connection that is open.
   */
  abandon(dial: Connection<Transport, Request>): void {
    this.#removeSpare(dial)
    this.#claim(dial)
  }

  /** Binds the waiter of the dial, if it has one, to that dial for good. */
  #claim({ origin, waiter }: Connection<Transport, Request>): void {
    if (waiter?.originLink.list !== origin.dialing) return
    origin.dialing.remove(waiter.originLink)
    origin.claimed.push(waiter.originLink)
  }

  #unbind(dial: Connection<Transport, Request>): RequestWaiter<Transport, Request> | undefined {
    const { waiter } = dial
    this.#removeSpare(dial)
    dial.waiter = undefined
    if (waiter !== undefined) waiter.dial = undefined
    return waiter
  }

  #join(
    origin: ConnectionOrigin<Transport, Request>,
    list: ConnectionOrigin<Transport, Request>['queued'],
    waiter: RequestWaiter<Transport, Request>,
  ): RequestWaiter<Transport, Request> {
    waiter.request.waiter = waiter
    this.#all.push(waiter.deadlineLink)
    const spareDial = origin.spareDials.first
    if (spareDial === undefined) {
      list.push(waiter.originLink)
      this.#queuedCount++
    } else {
      this.#removeSpare(spareDial)
      this.#bind(origin, waiter, spareDial)
    }
    return waiter
  }

  #removeSpare(dial: Connection<Transport, Request>): void {
    const { origin, originLink } = dial
    if (originLink.list !== origin.spareDials) return
    origin.spareDials.remove(originLink)
    this.#spareDials.remove(dial.idleLink)
  }

  #remove(
    origin: ConnectionOrigin<Transport, Request>,
    waiter: RequestWaiter<Transport, Request>,
  ): void {
    const { list } = waiter.originLink
    waiter.request.waiter = undefined
    if (list === origin.queued || list === origin.fresh) this.#queuedCount--
    list?.remove(waiter.originLink)
    this.#all.remove(waiter.deadlineLink)
    waiter.dial = undefined
  }

  #bind(
    origin: ConnectionOrigin<Transport, Request>,
    waiter: RequestWaiter<Transport, Request>,
    dial: Connection<Transport, Request>,
  ): void {
    waiter.dial = dial
    dial.waiter = waiter
    const isClaimed = this.#isBoundEarly || !waiter.request.isReplayable
    const list = isClaimed ? origin.claimed : origin.dialing
    list.push(waiter.originLink)
  }
}
