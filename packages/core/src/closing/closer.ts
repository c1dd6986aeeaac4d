import { type CloseReason, isPeerClose } from '../connection/close-reason.ts'
import type { Connection, ConnectionOrigin } from '../connection/connection.ts'
import { STATES } from '../connection/lifecycle.ts'
import type { Registry } from '../connection/registry.ts'
import type { DialScheduler } from '../dialing/dial-scheduler.ts'
import type { PoolOptions } from '../options/pool-options.ts'
import { Reprieve } from '../request/reprieve.ts'
import { DeadlineQueue } from '../structures/deadline-queue.ts'
import { LinkedList } from '../structures/linked-list.ts'
import { PeerHabits } from './peer-habits.ts'

/** The longest wait for a peer to close where a request is queued that needs the place. */
export const HURRIED_WAIT_MS = 50

/**
 * Ends connections that no request has, after their peers where those are likely to close: the side
 * that closes first holds TIME_WAIT (RFC 9293 §3.6). A connection that lingers holds its place
 * under the caps, so the wait is short where a request is queued for one.
 */
export class Closer<Transport, Request> {
  readonly #effects: PoolOptions<Transport, Request>['effects']
  readonly #registry: Registry<Transport, Request>
  readonly #dialScheduler: DialScheduler<Transport, Request>
  readonly #waitMs: number
  readonly #hurriedWaitMs: number
  /**
   * All connections that linger. After any late wake-up, received bytes are read before a deadline
   * counts.
   */
  readonly #byDeadline: DeadlineQueue<Connection<Transport, Request>> = new DeadlineQueue()
  readonly #reprieve: Reprieve = new Reprieve(0)
  /** Connections with the whole wait, oldest first; the others have the short one. */
  readonly #patient: LinkedList<Connection<Transport, Request>> = new LinkedList()
  /** Habits of peers that had the whole wait. */
  readonly #habits: PeerHabits = new PeerHabits()
  readonly #habitsInHaste: PeerHabits = new PeerHabits()

  constructor(
    { effects, policy }: PoolOptions<Transport, Request>,
    registry: Registry<Transport, Request>,
    dialScheduler: DialScheduler<Transport, Request>,
  ) {
    this.#effects = effects
    this.#registry = registry
    this.#dialScheduler = dialScheduler
    this.#waitMs = policy.closeMode === 'peer-first' ? policy.peerCloseWaitMs : 0
    this.#hurriedWaitMs = Math.min(this.#waitMs, HURRIED_WAIT_MS)
  }

  /** The time at which the first wait for a peer is over. */
  get nextDeadlineMs(): number {
    const { first } = this.#byDeadline
    return first === undefined
      ? Number.POSITIVE_INFINITY
      : this.#reprieve.wakeUpFor(first.expiresAtMs)
  }

  /** Whether a request is queued for the place of a connection that lingers. */
  get isAwaited(): boolean {
    const hurriedCount = this.#byDeadline.size - this.#patient.size
    return hurriedCount > 0 && this.#dialScheduler.isAnyoneQueued
  }

  /** Closes a connection that is idle, being dialled, or has served its last request, and in no list. */
  close(connection: Connection<Transport, Request>, reason: CloseReason, nowMs: number): void {
    if (this.#deservesWait(connection, reason)) {
      this.#linger(connection, reason, nowMs)
      return
    }
    if (connection.state === STATES.draining) this.#registry.release(connection, nowMs)
    else this.#registry.retire(connection, reason, nowMs)
    this.#effects.close(connection, reason)
  }

  /** Shortens the waits for peers of the origin, while its requests are queued. */
  shortenWaits(origin: ConnectionOrigin<Transport, Request>, nowMs: number): void {
    // An effect that calls back may have served them.
    while (origin.lingering.first !== undefined && origin.queuedCount > 0) {
      this.#shortenWait(origin.lingering.first, nowMs)
    }
  }

  /**
   * Shortens the waits for peers of all origins, while requests wait for a place under the total
   * cap.
   *
   * @returns Whether any wait was shortened.
   */
  shortenAllWaits(nowMs: number): boolean {
    let hasHurried = false
    while (this.#patient.first !== undefined && this.#dialScheduler.isAwaited) {
      this.#shortenWait(this.#patient.first, nowMs)
      hasHurried = true
    }
    return hasHurried
  }

  /** Closes a connection that lingers: its peer has closed, or sends bytes and will not close. */
  end(connection: Connection<Transport, Request>, reason: CloseReason): void {
    this.lose(connection, reason)
    this.#closeNow(connection, reason)
  }

  /** Records the end of a connection that lingered. */
  lose(connection: Connection<Transport, Request>, reason: CloseReason): void {
    if (isPeerClose(reason)) {
      const { key } = connection.origin
      this.#habits.closed(key)
      if (this.#isHurried(connection)) this.#habitsInHaste.closed(key)
    }
    this.#remove(connection)
  }

  /** Removes the connection from the lists, if it lingers. */
  remove(connection: Connection<Transport, Request>): void {
    if (connection.state === STATES.lingering) this.#remove(connection)
  }

  /** Closes connections whose wait for the peer is over. */
  advance(nowMs: number): void {
    while (true) {
      const connection = this.#byDeadline.first
      if (connection === undefined) return
      if (!this.#reprieve.isOver(connection.expiresAtMs, nowMs)) return
      this.#habitsOf(this.#isHurried(connection)).waitedInVain(connection.origin.key)
      this.#remove(connection)
      this.#closeNow(connection, connection.closeReason as CloseReason)
    }
  }

  #deservesWait(connection: Connection<Transport, Request>, reason: CloseReason): boolean {
    if (this.#waitMs === 0 || !connection.hasOpened) return false
    if (!this.#effects.mayLinger(connection, reason)) return false
    return this.#habitsOf(this.#isPlaceWanted(connection)).shouldWait(connection.origin.key)
  }

  #linger(connection: Connection<Transport, Request>, reason: CloseReason, nowMs: number): void {
    this.#registry.linger(connection, reason, nowMs)
    if (this.#isPlaceWanted(connection)) {
      connection.expiresAtMs = nowMs + this.#hurriedWaitMs
    } else {
      connection.expiresAtMs = nowMs + this.#waitMs
      this.#patient.push(connection.idleLink)
      connection.origin.lingering.push(connection.originLink)
    }
    this.#byDeadline.add(connection)
    this.#effects.linger(connection)
  }

  /** Shortens the wait for one peer, or ends it. */
  #shortenWait(connection: Connection<Transport, Request>, nowMs: number): void {
    const { expiresAtMs } = connection
    this.#remove(connection)
    if (this.#habitsInHaste.shouldWait(connection.origin.key)) {
      connection.expiresAtMs = Math.min(expiresAtMs, nowMs + this.#hurriedWaitMs)
      this.#byDeadline.add(connection)
    } else {
      this.#closeNow(connection, connection.closeReason as CloseReason)
    }
  }

  #closeNow(connection: Connection<Transport, Request>, reason: CloseReason): void {
    this.#registry.abort(connection, reason)
    this.#effects.close(connection, connection.closeReason as CloseReason)
  }

  #remove(connection: Connection<Transport, Request>): void {
    if (!this.#isHurried(connection)) {
      this.#patient.remove(connection.idleLink)
      connection.origin.lingering.remove(connection.originLink)
    }
    this.#byDeadline.remove(connection)
  }

  #isHurried({ idleLink }: Connection<Transport, Request>): boolean {
    return idleLink.list === undefined
  }

  /** Whether a request is queued that the place of the connection would let dial. */
  #isPlaceWanted({ origin }: Connection<Transport, Request>): boolean {
    return this.#dialScheduler.isAwaited || origin.queuedCount > 0
  }

  #habitsOf(isHurried: boolean): PeerHabits {
    return isHurried ? this.#habitsInHaste : this.#habits
  }
}
