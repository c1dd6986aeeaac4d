import type { ConnectionOrigin } from '../connection/connection.ts'
import { LinkedList } from '../structures/linked-list.ts'
import type { IdleKeeper } from './idle-keeper.ts'

/** The time between two looks at an origin. */
export const TRIM_INTERVAL_MS = 5000

/**
 * Closes idle connections where traffic has gone down: of each origin, every 5 s, half of those
 * beyond its estimated need. The need is the most connections in use at once since the last look,
 * or the previous estimate where that is more, which then decays half of the way towards that peak.
 * Steady traffic loses nothing, and a burst is forgotten within a few looks.
 *
 * O(1) for each origin that has connections, every 5 s, and for each connection that it closes.
 *
 * Source: HAProxy, `srv_cleanup_idle_conns` in `server.c`.
 */
export class Trimmer<Transport, Request> {
  readonly #keeper: IdleKeeper<Transport, Request>
  /** The number of idle connections that an origin keeps. */
  readonly #minIdlePerOrigin: number
  /** Every origin that has been used, by the time of its next look. */
  readonly #origins: LinkedList<ConnectionOrigin<Transport, Request>> = new LinkedList()

  constructor(keeper: IdleKeeper<Transport, Request>, minIdlePerOrigin: number) {
    this.#keeper = keeper
    this.#minIdlePerOrigin = minIdlePerOrigin
  }

  get nextDeadlineMs(): number {
    return this.#origins.first?.trimAtMs ?? Number.POSITIVE_INFINITY
  }

  /** Records that the origin has one more connection in use, or one more idle. */
  use(origin: ConnectionOrigin<Transport, Request>, nowMs: number): void {
    const { inUseCount } = origin
    if (inUseCount > origin.peakInUse) origin.peakInUse = inUseCount
    if (origin.trimLink.list === undefined) this.#watch(origin, nowMs)
  }

  /** Forgets an origin without connections. */
  forget({ trimLink }: ConnectionOrigin<Transport, Request>): void {
    if (trimLink.list !== undefined) this.#origins.remove(trimLink)
  }

  /** Looks at the origins whose time has come. */
  trim(nowMs: number): void {
    while (true) {
      const origin = this.#origins.first
      if (origin === undefined || nowMs < origin.trimAtMs) return
      this.#origins.remove(origin.trimLink)
      this.#watch(origin, nowMs)
      this.#trimOrigin(origin, nowMs)
    }
  }

  #watch(origin: ConnectionOrigin<Transport, Request>, nowMs: number): void {
    origin.trimAtMs = nowMs + TRIM_INTERVAL_MS
    this.#origins.push(origin.trimLink)
  }

  #trimOrigin(origin: ConnectionOrigin<Transport, Request>, nowMs: number): void {
    const { idle, idleCount, inUseCount, peakInUse, unused } = origin
    const needed = Math.max(origin.neededCount, peakInUse)
    origin.neededCount = (needed + peakInUse) / 2
    origin.peakInUse = inUseCount
    const half = Math.ceil((idleCount + inUseCount - needed) / 2)
    for (let left = Math.min(half, idleCount - this.#minIdlePerOrigin); left > 0; left--) {
      // An effect that calls back may have used or closed the others.
      const connection = idle.first ?? unused.first
      if (connection === undefined) return
      this.#keeper.end(connection, 'trimmed', nowMs)
    }
  }
}
