import type { Closer } from '../closing/closer.ts'
import type { Connection, ConnectionOrigin } from '../connection/connection.ts'
import type { Registry } from '../connection/registry.ts'
import type { Effects } from '../effects.ts'
import type { IdleKeeper } from '../idle/idle-keeper.ts'
import type { PoolOptions } from '../options/pool-options.ts'
import type { PoolRequest } from '../request/pool-request.ts'
import type { DialScheduler } from './dial-scheduler.ts'
import type { WaitQueue } from './wait-queue.ts'

/** The parts that the dialer uses. */
export interface DialerParts<Transport, Request extends PoolRequest> {
  readonly registry: Registry<Transport, Request>
  readonly waiters: WaitQueue<Transport, Request>
  readonly dialScheduler: DialScheduler<Transport, Request>
  readonly closer: Closer<Transport, Request>
  readonly keeper: IdleKeeper<Transport, Request>
}

/**
 * Dials for waiting requests, as far as the caps allow, and closes idle connections of other
 * origins to make room.
 */
export class Dialer<Transport, Request extends PoolRequest> {
  readonly #effects: Effects<Transport, Request>
  readonly #random: () => number
  readonly #registry: Registry<Transport, Request>
  readonly #waiters: WaitQueue<Transport, Request>
  readonly #dialScheduler: DialScheduler<Transport, Request>
  readonly #closer: Closer<Transport, Request>
  readonly #keeper: IdleKeeper<Transport, Request>
  #isDialing = false

  constructor(
    { effects, random }: PoolOptions<Transport, Request>,
    parts: DialerParts<Transport, Request>,
  ) {
    this.#effects = effects
    this.#random = random
    this.#registry = parts.registry
    this.#waiters = parts.waiters
    this.#dialScheduler = parts.dialScheduler
    this.#closer = parts.closer
    this.#keeper = parts.keeper
  }

  /** Whether a further request would be bound to a dial at once, or after an eviction. */
  hasDialFor(origin: ConnectionOrigin<Transport, Request>): boolean {
    if (origin.spareDials.size > 0) return true
    if (origin.queuedCount > 0 || !this.#dialScheduler.hasRoom(origin)) return false
    if (this.#dialScheduler.hasPlace || this.#keeper.leastRecentlyUsed !== undefined) return true
    return this.#waiters.oldestSpareDial !== undefined
  }

  /** Dials for queued requests as far as the caps allow, one origin after the other. */
  dialInTurn(nowMs: number): void {
    // An effect that calls back must not start a second round within the first.
    if (this.#isDialing) return
    this.#isDialing = true
    try {
      while (true) {
        const origin = this.#dialScheduler.take()
        if (origin !== undefined) this.#dial(origin, nowMs)
        else if (!this.#makeRoom(nowMs)) return
      }
    } finally {
      this.#isDialing = false
    }
  }

  /** Adopts a connection that was opened elsewhere, where the caps leave a place for it. */
  adopt(
    origin: ConnectionOrigin<Transport, Request>,
    nowMs: number,
  ): Connection<Transport, Request> | undefined {
    if (!(this.#dialScheduler.hasRoom(origin) && this.#dialScheduler.hasPlace)) return undefined
    const connection = this.#registry.add(origin, nowMs, this.#random())
    connection.isAhead = true
    return connection
  }

  /** Begins a dial that no request waits for. The caps must allow it. */
  dialAhead(origin: ConnectionOrigin<Transport, Request>, nowMs: number): void {
    const connection = this.#registry.add(origin, nowMs, this.#random())
    connection.isAhead = true
    this.#waiters.addSpare(connection)
    this.#dialScheduler.settle(origin)
    this.#effects.dial(connection, undefined)
  }

  /** Closes idle connections of the origin where its requests that take only a dial lack places. */
  makeWayForFresh(origin: ConnectionOrigin<Transport, Request>, nowMs: number): void {
    while (this.#dialScheduler.lackPlaceForFresh(origin)) {
      const connection = origin.idle.first ?? origin.unused.first
      if (connection === undefined) return
      this.#keeper.end(connection, 'evicted', nowMs)
    }
  }

  /**
   * Makes room under the total cap: shortens the waits for peers to close, else gives up a dial
   * that no request waits for, else closes the least recently used idle connection.
   */
  #makeRoom(nowMs: number): boolean {
    if (this.#closer.shortenAllWaits(nowMs)) return true
    if (!this.#dialScheduler.lackPlace) return false
    const dial = this.#waiters.oldestSpareDial
    const connection = dial ?? this.#keeper.leastRecentlyUsed
    if (connection === undefined) return false
    if (dial === undefined) {
      this.#keeper.end(connection, 'evicted', nowMs)
    } else {
      this.#waiters.abandon(dial)
      this.#keeper.discard(dial, 'evicted', nowMs)
    }
    return true
  }

  /** Begins a dial for the next request of the origin without one. There must be such a request. */
  #dial(origin: ConnectionOrigin<Transport, Request>, nowMs: number): void {
    const connection = this.#registry.add(origin, nowMs, this.#random())
    const { request } = this.#waiters.bindNext(origin, connection)
    this.#dialScheduler.settle(origin)
    this.#effects.dial(connection, request)
  }
}
