import type { Caps } from './caps.ts'
import type { Connection, ConnectionOrigin } from './connection.ts'
import { LinkedList } from './linked-list.ts'
import type { Roster } from './roster.ts'
import type { WaitQueue } from './wait-queue.ts'

/**
 * While another origin waits for a place under the total cap, a connection is handed on this often
 * to waiters of its own origin before its place goes to the other one.
 */
export const MAX_HAND_ONS = 8

/**
 * Whose turn it is to dial. Only the caps keep a queued request from a dial of its own: those of its
 * origin, or the total one. In the latter case origins take turns, one dial at a time.
 */
export class Turns<Transport, Request> {
  readonly #caps: Caps
  readonly #maxConnectingPerOrigin: number
  readonly #roster: Roster<Transport, Request>
  readonly #waiters: WaitQueue<Transport, Request>
  /** Origins with queued requests whose own caps allow a dial, in the order of their turns. */
  readonly #origins: LinkedList<ConnectionOrigin<Transport, Request>> = new LinkedList()

  constructor(
    caps: Caps,
    maxConnectingPerOrigin: number,
    roster: Roster<Transport, Request>,
    waiters: WaitQueue<Transport, Request>,
  ) {
    this.#caps = caps
    this.#maxConnectingPerOrigin = maxConnectingPerOrigin
    this.#roster = roster
    this.#waiters = waiters
  }

  /** Takes note of a change of the origin's connections or waiters. */
  settle(origin: ConnectionOrigin<Transport, Request>): void {
    const isWaiting = origin.turnLink.list !== undefined
    const wantsPlace = origin.queued.size > 0 && this.hasRoom(origin)
    if (wantsPlace && !isWaiting) this.#origins.push(origin.turnLink)
    else if (isWaiting && !wantsPlace) this.#origins.remove(origin.turnLink)
  }

  /** The origin that may dial now; {@link settle} puts it at the end of the row again. */
  take(): ConnectionOrigin<Transport, Request> | undefined {
    return this.#roster.openCount < this.#caps.maxTotal ? this.#origins.shift() : undefined
  }

  /** Whether the origin's own caps allow it a further dial. */
  hasRoom(origin: ConnectionOrigin<Transport, Request>): boolean {
    return (
      origin.connections.size < this.#caps.maxPerOrigin &&
      origin.connectingCount < this.#maxConnectingPerOrigin
    )
  }

  /** Whether the total cap allows a further dial. */
  get hasPlace(): boolean {
    return this.#roster.openCount < this.#caps.maxTotal
  }

  /** Whether requests wait for a place that no connection about to close will leave them. */
  get lackPlace(): boolean {
    return this.#origins.size > 0 && this.#roster.closingCount < this.#waiters.queuedCount
  }

  /** The same, of requests of other origins than this one. */
  lackPlaceBeside(origin: ConnectionOrigin<Transport, Request>): boolean {
    const own = origin.turnLink.list === undefined ? 0 : 1
    return this.lackPlace && this.#origins.size > own
  }

  /** Whether the connection has had its share and another origin waits for its place. */
  mustYield(connection: Connection<Transport, Request>): boolean {
    return connection.handOns >= MAX_HAND_ONS && this.lackPlaceBeside(connection.origin)
  }
}
