import type { ConnectionOrigin } from '../connection/connection.ts'
import { LinkedList } from '../structures/linked-list.ts'
import type { IdleKeeper } from './idle-keeper.ts'

/** How often an origin is looked at. */
export const TRIM_INTERVAL_MS = 5000

/**
 * Closes idle connections where traffic has gone down: of each origin, every 5 s, half of those
 * beyond what it is thought to need. That is the most it had in use at once since the last look, or
 * what it was thought to need before where that is more; it then decays half of the way towards that
 * peak. Steady traffic loses nothing, and a burst is forgotten within some looks.
 *
 * O(1) for each origin that has connections, every 5 s, and for each connection that it closes.
 *
 * Source: HAProxy, `srv_cleanup_idle_conns` in `server.c`.
 */
export class Trimmer<Transport, Request> {
  readonly #keeper: IdleKeeper<Transport, Request>
  /** An origin keeps as many. */
  readonly #minIdlePerOrigin: number
  /** Every origin that has been used; the one to be looked at next first. */
  readonly #origins: LinkedList<ConnectionOrigin<Transport, Request>> = new LinkedList()

  constructor(keeper: IdleKeeper<Transport, Request>, minIdlePerOrigin: number) {
    this.#keeper = keeper
    this.#minIdlePerOrigin = minIdlePerOrigin
  }

  get nextDeadlineMs(): number {
    return this.#origins.first?.trimAtMs ?? Number.POSITIVE_INFINITY
  }

  /** The origin has one more connection in use, or one more idle. */
  use(origin: ConnectionOrigin<Transport, Request>, nowMs: number): void {
    const { inUseCount } = origin
    if (inUseCount > origin.peakInUse) origin.peakInUse = inUseCount
    if (origin.trimLink.list === undefined) this.#watch(origin, nowMs)
  }

  /** The origin has no connection any more. */
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
