import type { ConnectionOrigin } from './connection.ts'
import type { Effects } from './effects.ts'
import type { IdleSet } from './idle-set.ts'
import type { Roster } from './roster.ts'
import type { Turns } from './turns.ts'
import type { WaitQueue } from './wait-queue.ts'

/** What a dialer works with: all but the first two it shares with the pool. */
export interface DialerParts<Transport, Request> {
  readonly effects: Effects<Transport, Request>
  readonly random: () => number
  readonly roster: Roster<Transport, Request>
  readonly waiters: WaitQueue<Transport, Request>
  readonly turns: Turns<Transport, Request>
  readonly idle: IdleSet<Transport, Request>
}

/**
 * Dials for those who wait, as far as the caps allow, and makes room where idle connections of other
 * origins are in the way.
 */
export class Dialer<Transport, Request> {
  readonly #effects: Effects<Transport, Request>
  readonly #random: () => number
  readonly #roster: Roster<Transport, Request>
  readonly #waiters: WaitQueue<Transport, Request>
  readonly #turns: Turns<Transport, Request>
  readonly #idle: IdleSet<Transport, Request>
  #isDialing = false

  constructor(parts: DialerParts<Transport, Request>) {
    this.#effects = parts.effects
    this.#random = parts.random
    this.#roster = parts.roster
    this.#waiters = parts.waiters
    this.#turns = parts.turns
    this.#idle = parts.idle
  }

  /** Whether a further request would be bound to a dial at once, or after an eviction. */
  hasDialFor(origin: ConnectionOrigin<Transport, Request>): boolean {
    if (origin.spareDials.size > 0) return true
    if (origin.queued.size > 0 || !this.#turns.hasRoom(origin)) return false
    return this.#turns.hasPlace || this.#idle.leastRecentlyUsed !== undefined
  }

  /** Dials for queued requests, an origin at a time in turn, as far as the caps allow. */
  dialInTurn(nowMs: number): void {
    // An effect that calls back must not start a second round within the first.
    if (this.#isDialing) return
    this.#isDialing = true
    try {
      while (true) {
        const origin = this.#turns.take()
        if (origin !== undefined) this.#dial(origin, nowMs)
        else if (!this.#makeRoom(nowMs)) return
      }
    } finally {
      this.#isDialing = false
    }
  }

  /** Closes the least recently used idle connection where the total cap keeps requests waiting. */
  #makeRoom(nowMs: number): boolean {
    // An origin with waiters has no idle connection, so this one is another origin's.
    const connection = this.#turns.lackPlace ? this.#idle.leastRecentlyUsed : undefined
    if (connection === undefined) return false
    this.#idle.end(connection, 'evicted', nowMs)
    this.#roster.retire(connection, 'evicted', nowMs)
    this.#effects.close(connection, 'evicted')
    return true
  }

  /** Begins a dial for the oldest queued request of the origin, which there must be. */
  #dial(origin: ConnectionOrigin<Transport, Request>, nowMs: number): void {
    const connection = this.#roster.add(origin, nowMs, this.#random())
    const { request } = this.#waiters.bindOldestQueued(origin, connection)
    this.#turns.settle(origin)
    this.#effects.dial(connection, request)
  }
}
