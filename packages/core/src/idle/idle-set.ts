import { type CloseReason, isPeerClose } from '../connection/close-reason.ts'
import type { Connection, ConnectionOrigin } from '../connection/connection.ts'
import type { IdleLimits } from '../connection/idle-limits.ts'
import { type DialPauses, isLoss } from '../dialing/dial-pauses.ts'
import { DeadlineQueue } from '../structures/deadline-queue.ts'
import { LinkedList } from '../structures/linked-list.ts'

/**
 * The idle connection of an origin that is used next: the one used last (`'lifo'`), or the one idle
 * longest (`'fifo'`).
 */
export type Scheduling = 'lifo' | 'fifo'

/** All idle connections: by origin, by how long they have been idle, and by when they expire. */
export class IdleSet<Transport, Request> {
  readonly #scheduling: Scheduling
  readonly #limits: IdleLimits
  readonly #pauses: DialPauses | undefined
  readonly #byUse: LinkedList<Connection<Transport, Request>> = new LinkedList()
  readonly #byDeadline: DeadlineQueue<Connection<Transport, Request>> = new DeadlineQueue()

  constructor(scheduling: Scheduling, limits: IdleLimits, pauses: DialPauses | undefined) {
    this.#scheduling = scheduling
    this.#limits = limits
    this.#pauses = pauses
  }

  /** The connection of any origin that has been idle longest. */
  get leastRecentlyUsed(): Connection<Transport, Request> | undefined {
    return this.#byUse.first
  }

  /** The connection that expires first. */
  get firstToExpire(): Connection<Transport, Request> | undefined {
    return this.#byDeadline.first
  }

  /**
   * Finds the connection that the origin would use next. One that no request has used comes first:
   * a server that is about to stop waits for its first request. Where there are several addresses,
   * one of them is chosen first.
   */
  next({
    addresses,
    idle,
    unused,
  }: ConnectionOrigin<Transport, Request>): Connection<Transport, Request> | undefined {
    const list = addresses?.choose()?.idle ?? idle
    return unused.first ?? (this.#scheduling === 'lifo' ? list.last : list.first)
  }

  add(connection: Connection<Transport, Request>, expiresAtMs: number): void {
    const { addresses, idle, unused } = connection.origin
    const list = connection.isLeftOver ? unused : idle
    list.push(connection.originLink)
    if (addresses !== undefined && list === idle) addresses.addIdle(connection)
    this.#byUse.push(connection.idleLink)
    this.#setDeadline(connection, expiresAtMs)
  }

  remove(connection: Connection<Transport, Request>): void {
    const { addressLink, originLink } = connection
    originLink.list?.remove(originLink)
    if (addressLink !== undefined) addressLink.list?.remove(addressLink)
    this.#byUse.remove(connection.idleLink)
    if (connection.deadlineIndex !== -1) this.#byDeadline.remove(connection)
  }

  /** Sets a later deadline: a limit learned since the last verdict may allow more time. */
  postpone(connection: Connection<Transport, Request>, expiresAtMs: number): void {
    this.#byDeadline.remove(connection)
    this.#setDeadline(connection, expiresAtMs)
  }

  /** Removes a connection that no request may use, and learns from the reason. */
  end(connection: Connection<Transport, Request>, reason: CloseReason, nowMs: number): void {
    const { hintedRequestLimit, idleSinceMs, origin, requestCount } = connection
    this.remove(connection)
    if (reason === 'learned_limit') this.#limits.widen(origin.key)
    else if (
      isPeerClose(reason) &&
      requestCount < (hintedRequestLimit ?? Number.POSITIVE_INFINITY)
    ) {
      this.#limits.learn(origin.key, nowMs - idleSinceMs)
    }
    origin.learnedIdleMs = this.#limits.limitOf(origin.key)
    if (requestCount === 0 && isLoss(reason)) this.#pauses?.begin(origin.key, nowMs)
  }

  #setDeadline(connection: Connection<Transport, Request>, expiresAtMs: number): void {
    if (expiresAtMs === Number.POSITIVE_INFINITY) return
    connection.expiresAtMs = expiresAtMs
    this.#byDeadline.add(connection)
  }
}
