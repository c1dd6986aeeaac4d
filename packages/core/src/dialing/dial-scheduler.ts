import type { Connection, ConnectionOrigin } from '../connection/connection.ts'
import type { Registry } from '../connection/registry.ts'
import type { Caps } from '../options/caps.ts'
import { LinkedList } from '../structures/linked-list.ts'

/**
 * The number of times that a connection is handed on to waiters of its own origin before its place
 * goes to another origin that waits under the total cap.
 */
export const MAX_HAND_ONS = 8

/**
 * Scheduler of dials. Only the caps keep a request from a dial of its own: those of its origin, or
 * the total one. Under the total cap, origins take turns, one dial at a time.
 *
 * No origin starves: with `w` origins in the row, and `maxTotal` places whose connections end, or
 * are given back, an origin gets its next dial before the others have been served more than `(w +
 * maxTotal) * (1 + MAX_HAND_ONS)` requests.
 */
export class DialScheduler<Transport, Request> {
  readonly #caps: Caps
  readonly #maxConnectingPerOrigin: number
  readonly #registry: Registry<Transport, Request>
  /** Origins with queued requests whose own caps allow a dial, in the order of their turns. */
  readonly #origins: LinkedList<ConnectionOrigin<Transport, Request>> = new LinkedList()
  /** Origins with queued requests whose own caps allow no dial. */
  readonly #blocked: LinkedList<ConnectionOrigin<Transport, Request>> = new LinkedList()
  /** The cap that these two lists were sorted by. */
  #maxPerOrigin: number
  /** Number of dials of all origins that only the total cap prevents. */
  #wantedPlaces = 0

  constructor(caps: Caps, maxConnectingPerOrigin: number, registry: Registry<Transport, Request>) {
    this.#caps = caps
    this.#maxPerOrigin = caps.maxPerOrigin
    this.#maxConnectingPerOrigin = maxConnectingPerOrigin
    this.#registry = registry
  }

  /** Whether any request has no dial of its own. */
  get isAnyoneQueued(): boolean {
    return this.#origins.size + this.#blocked.size > 0
  }

  /** Updates the origin's turn after a change of its connections or waiters. */
  settle(origin: ConnectionOrigin<Transport, Request>): void {
    this.followCaps()
    this.#settle(origin)
  }

  /**
   * Updates all turns after a change of the caps. O(origins with queued requests) where there is
   * one.
   */
  followCaps(): void {
    const { maxPerOrigin } = this.#caps
    if (maxPerOrigin === this.#maxPerOrigin) return
    this.#maxPerOrigin = maxPerOrigin
    for (const origin of [...this.#origins, ...this.#blocked]) this.#settle(origin)
  }

  /** Takes the origin that may dial now; {@link settle} puts it at the end of the row again. */
  take(): ConnectionOrigin<Transport, Request> | undefined {
    this.followCaps()
    return this.hasPlace ? this.#origins.shift() : undefined
  }

  /** Whether the origin's own caps allow it a further dial. */
  hasRoom(origin: ConnectionOrigin<Transport, Request>): boolean {
    return this.#roomOf(origin) > 0
  }

  /**
   * Counts the further connections that the caps allow it without taking a place that a request
   * waits for.
   */
  spaceOf(origin: ConnectionOrigin<Transport, Request>): number {
    if (this.isAwaited) return 0
    const { maxPerOrigin, maxTotal } = this.#caps
    const places = Math.min(
      maxPerOrigin - origin.connections.size,
      maxTotal - this.#registry.openCount,
    )
    return Math.max(0, places)
  }

  /** Whether there is a place under the total cap that no request waits for. */
  get hasFreePlace(): boolean {
    return this.hasPlace && !this.isAwaited
  }

  /** Whether the total cap allows a further dial. */
  get hasPlace(): boolean {
    return this.#registry.openCount < this.#caps.maxTotal
  }

  /** Whether any origin waits for its turn. */
  get isAwaited(): boolean {
    return this.#wantedPlaces > 0
  }

  /** Whether requests wait for more places than closing connections will leave. */
  get lackPlace(): boolean {
    return this.#lack(this.#wantedPlaces)
  }

  /** Whether {@link lackPlace} holds for requests of origins other than this one. */
  lackPlaceBeside(origin: ConnectionOrigin<Transport, Request>): boolean {
    return this.#lack(this.#wantedPlaces - origin.wantedPlaces)
  }

  /**
   * Whether the connection must close although waiters of its origin would take it: it has been
   * handed on often enough and another origin waits, or a waiter of its origin takes only a dial.
   */
  mustYield({ handOns, origin }: Connection<Transport, Request>): boolean {
    if (handOns >= MAX_HAND_ONS && this.lackPlaceBeside(origin)) return true
    return this.lackPlaceForFresh(origin)
  }

  /** Whether waiters that take only a dial need more places than closing connections will leave. */
  lackPlaceForFresh(origin: ConnectionOrigin<Transport, Request>): boolean {
    const { closingCount, connections, fresh } = origin
    if (fresh.size === 0) return false
    const { maxPerOrigin, maxTotal } = this.#caps
    const { openCount, closingCount: allClosing } = this.#registry
    return (
      connections.size - closingCount + fresh.size > maxPerOrigin ||
      openCount - allClosing + fresh.size > maxTotal
    )
  }

  #settle(origin: ConnectionOrigin<Transport, Request>): void {
    const { turnLink } = origin
    const wantedPlaces = Math.max(0, Math.min(origin.queuedCount, this.#roomOf(origin)))
    this.#wantedPlaces += wantedPlaces - origin.wantedPlaces
    origin.wantedPlaces = wantedPlaces
    const list = wantedPlaces > 0 ? this.#origins : this.#blocked
    const { queuedCount } = origin
    if (turnLink.list !== undefined && (turnLink.list !== list || queuedCount === 0)) {
      turnLink.list.remove(turnLink)
    }
    if (turnLink.list === undefined && queuedCount > 0) list.push(turnLink)
  }

  #lack(wantedPlaces: number): boolean {
    const { openCount, closingCount } = this.#registry
    return wantedPlaces > 0 && openCount - closingCount + wantedPlaces > this.#caps.maxTotal
  }

  /** Counts the further dials that the origin's own caps allow. */
  #roomOf(origin: ConnectionOrigin<Transport, Request>): number {
    return Math.min(
      this.#caps.maxPerOrigin - origin.connections.size,
      this.#maxConnectingPerOrigin - origin.connectingCount,
    )
  }
}
