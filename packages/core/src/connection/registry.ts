import { IllegalTransitionError, type Occupancy } from '../errors.ts'
import type { RequestFailure } from '../request/request-failure.ts'
import type { CloseReason } from './close-reason.ts'
import { Connection, type ConnectionOrigin, type RequestWaiter } from './connection.ts'
import { Counters } from './counters.ts'
import type {
  AddressEvent,
  ConnectionEvent,
  PoolEvent,
  PoolEventType,
  PoolListener,
} from './events.ts'
import type { IdleLimits } from './idle-limits.ts'
import {
  createStateCounts,
  type LifecycleEvent,
  STATES,
  type State,
  type StateCounts,
} from './lifecycle.ts'
import { Origin } from './origin.ts'
import type { OriginTarget } from './origin-target.ts'
import { rejectionCodeOf } from './rejection-code.ts'
import { type OriginStats, type PoolStats, snapshot } from './stats.ts'

/** A request that failed after it had got a connection. */
interface FailedRequest {
  readonly connectionId: number | undefined
  readonly target: OriginTarget
}

/**
 * Registry of all origins and connections: moves connections through their states, keeps the
 * counts, and emits the events. It decides nothing.
 */
export class Registry<Transport, Request> {
  readonly #origins: Map<string, ConnectionOrigin<Transport, Request>> = new Map()
  /** Counts of origins that are forgotten. */
  readonly #pastCounters: Counters = new Counters()
  readonly #onEvent: PoolListener<Transport, Request>
  readonly #wants: (type: PoolEventType) => boolean
  readonly #idleLimits: IdleLimits
  #openCount = 0
  #closingCount = 0
  #lastId = 0

  constructor(
    onEvent: PoolListener<Transport, Request> | undefined,
    idleLimits: IdleLimits,
    wantsEvent?: (type: PoolEventType) => boolean,
  ) {
    this.#onEvent = onEvent ?? ((): void => undefined)
    this.#wants = wantsEvent ?? ((): boolean => onEvent !== undefined)
    this.#idleLimits = idleLimits
  }

  /** Origins with a connection or a waiter, by key. An origin without either is forgotten. */
  get origins(): ReadonlyMap<string, ConnectionOrigin<Transport, Request>> {
    return this.#origins
  }

  /** Number of connections, from the start of their dial until their descriptor is gone. */
  get openCount(): number {
    return this.#openCount
  }

  /** Number of connections that are `lingering` or `closing`. */
  get closingCount(): number {
    return this.#closingCount
  }

  /** Returns the origin of the target, and creates it where it is not known. */
  originOf(target: OriginTarget): ConnectionOrigin<Transport, Request> {
    const { key } = target
    const known = this.#origins.get(key)
    if (known !== undefined) return known
    const origin: ConnectionOrigin<Transport, Request> = new Origin(
      target,
      this.#idleLimits.limitOf(key),
    )
    this.#origins.set(key, origin)
    return origin
  }

  /** Whether this origin is registered, and not a later one under its key. */
  knows(origin: ConnectionOrigin<Transport, Request>): boolean {
    return this.#origins.get(origin.key) === origin
  }

  /** Forgets the origin where it has no connection and no waiter. Returns whether it did. */
  forgetIfEmpty(origin: ConnectionOrigin<Transport, Request>): boolean {
    if (!(origin.isEmpty && this.knows(origin))) return false
    this.#pastCounters.absorb(origin.counters)
    return this.#origins.delete(origin.key)
  }

  /** Iterates over every connection; the caller may close them meanwhile. O(connections). */
  *connections(): Generator<Connection<Transport, Request>, void> {
    for (const origin of [...this.#origins.values()]) yield* [...origin.connections]
  }

  /** Adds a connection that is being dialled. */
  add(
    origin: ConnectionOrigin<Transport, Request>,
    nowMs: number,
    jitter: number,
  ): Connection<Transport, Request> {
    const connection = new Connection<Transport, Request>(++this.#lastId, origin, nowMs, jitter)
    origin.connections.add(connection)
    this.#openCount++
    addTo(origin.counts, connection.state.index, 1)
    origin.counters.dials++
    if (this.#wants('connection:dialing')) {
      this.#tell({ type: 'connection:dialing', ...identityOf(connection, nowMs) }, connection)
    }
    return connection
  }

  open(connection: Connection<Transport, Request>, nowMs: number): void {
    this.#move(connection, connection.state.opened, 'opened')
    connection.hasOpened = true
    connection.openedAtMs = nowMs
    connection.idleSinceMs = nowMs
    if (!this.#wants('connection:opened')) return
    const dialMs = nowMs - connection.createdAtMs
    const identity = identityOf(connection, nowMs)
    this.#tell({ type: 'connection:opened', ...identity, dialMs }, connection)
  }

  lease(connection: Connection<Transport, Request>): void {
    this.#move(connection, connection.state.leased, 'leased')
    connection.requestCount++
    const { counters } = connection.origin
    counters.leases++
    if (connection.isReused) counters.reuses++
  }

  release(connection: Connection<Transport, Request>, nowMs: number): void {
    this.#move(connection, connection.state.released, 'released')
    connection.idleSinceMs = nowMs
  }

  /** Ends reuse of the connection: it is `draining` or `closing` from now on. */
  retire(connection: Connection<Transport, Request>, reason: CloseReason, nowMs: number): void {
    this.#move(connection, connection.state.retired, 'retired')
    connection.closeReason = reason
    if (connection.state !== STATES.draining || !this.#wants('connection:draining')) return
    const identity = identityOf(connection, nowMs)
    this.#tell({ type: 'connection:draining', ...identity, reason }, connection)
  }

  /** Moves the connection to `lingering`: it waits for its peer to close first. */
  linger(connection: Connection<Transport, Request>, reason: CloseReason, nowMs: number): void {
    this.#move(connection, connection.state.lingered, 'lingered')
    connection.closeReason ??= reason
    if (!this.#wants('connection:lingering')) return
    const identity = identityOf(connection, nowMs)
    const { closeReason } = connection
    this.#tell({ type: 'connection:lingering', ...identity, reason: closeReason }, connection)
  }

  /**
   * Moves the connection to `closing` although a request is in progress, or its peer has not closed
   * yet.
   */
  abort(connection: Connection<Transport, Request>, reason: CloseReason): void {
    this.#move(connection, connection.state.aborted, 'aborted')
    connection.closeReason ??= reason
  }

  /** Moves the connection to `closing` from any state. */
  end(connection: Connection<Transport, Request>, reason: CloseReason, nowMs: number): void {
    if (connection.state.aborted === undefined) this.retire(connection, reason, nowMs)
    else this.abort(connection, reason)
  }

  /** Records that the dial failed. One that was given up before does not count as failed. */
  fail(connection: Connection<Transport, Request>, nowMs: number): void {
    const { hasOpened, state } = connection
    this.#move(connection, hasOpened ? undefined : state.failed, 'failed')
    if (state !== STATES.closing) connection.origin.counters.dialFailures++
    this.#remove(connection, 'error', nowMs)
  }

  /**
   * Records that the connection, which had opened, holds no descriptor any more. The first reason
   * stands.
   */
  close(connection: Connection<Transport, Request>, reason: CloseReason, nowMs: number): void {
    const { hasOpened, state } = connection
    this.#move(connection, hasOpened ? state.closed : undefined, 'closed')
    this.#remove(connection, reason, nowMs)
  }

  /** Removes a connection that lives on outside the pool. */
  detach(connection: Connection<Transport, Request>, nowMs: number): void {
    this.#move(connection, connection.state.detached, 'detached')
    this.#forget(connection)
    if (!this.#wants('connection:detached')) return
    const identity = identityOf(connection, nowMs)
    const ageMs = nowMs - connection.openedAtMs
    const { requestCount } = connection
    this.#tell({ type: 'connection:detached', ...identity, ageMs, requestCount }, connection)
  }

  /** Counts a request that waits; where the caps allow it no dial, emits an event. */
  countWait(
    origin: ConnectionOrigin<Transport, Request>,
    { originLink }: RequestWaiter<Transport, Request>,
    nowMs: number,
  ): void {
    // A dial that failed at once may have ended the origin.
    const counters = this.knows(origin) ? origin.counters : this.#pastCounters
    counters.waits++
    const isQueued = originLink.list === origin.queued || originLink.list === origin.fresh
    if (!(isQueued && this.#wants('request:queued'))) return
    const { target, queuedCount } = origin
    this.#onEvent({ type: 'request:queued', origin: target.name, atMs: nowMs, queuedCount }, target)
  }

  /** Emits that a request that had to wait has got the connection. */
  tellLeased(
    { queuedAtMs }: RequestWaiter<Transport, Request>,
    connection: Connection<Transport, Request>,
    nowMs: number,
  ): void {
    if (!this.#wants('request:leased')) return
    const { isReused } = connection
    const waitMs = nowMs - queuedAtMs
    const identity = identityOf(connection, nowMs)
    this.#tell({ type: 'request:leased', ...identity, waitMs, isReused }, connection)
  }

  /** Counts a request that gets an error, in the total also where its origin is gone. */
  countRejection(target: OriginTarget, error: Error, nowMs: number): void {
    const counters = this.#origins.get(target.key)?.counters ?? this.#pastCounters
    const code = rejectionCodeOf(error)
    counters.countRejection(code)
    if (!this.#wants('request:rejected')) return
    this.#onEvent({ type: 'request:rejected', origin: target.name, atMs: nowMs, code }, target)
  }

  /** Counts a request that was sent on the lost connection, and is sent again. */
  countReplay(connection: Connection<Transport, Request>, nowMs: number): void {
    connection.origin.counters.replays++
    if (!this.#wants('request:replayed')) return
    this.#tell({ type: 'request:replayed', ...identityOf(connection, nowMs) }, connection)
  }

  /** Counts a request that was not sent on the lost connection, and goes to another one. */
  countMove(connection: Connection<Transport, Request>, nowMs: number): void {
    connection.origin.counters.moves++
    if (!this.#wants('request:moved')) return
    this.#tell({ type: 'request:moved', ...identityOf(connection, nowMs) }, connection)
  }

  /** Counts a request that had a connection and whose caller gets an error. */
  countFailure(
    { connectionId, target }: FailedRequest,
    failure: RequestFailure,
    nowMs: number,
  ): void {
    const counters = this.#origins.get(target.key)?.counters ?? this.#pastCounters
    counters.failures++
    if (!this.#wants('request:failed')) return
    const origin = target.name
    this.#onEvent({ type: 'request:failed', origin, atMs: nowMs, connectionId, failure }, target)
  }

  /** Emits an event of an address of the origin. */
  tellOfAddress({ target }: ConnectionOrigin<Transport, Request>, event: AddressEvent): void {
    if (this.#wants(event.type)) this.#onEvent(event, target)
  }

  occupancyOf(origin: ConnectionOrigin<Transport, Request>): Occupancy {
    const { connecting, idle, leased, closing, queued } = this.#snapshotOf(origin)
    return { connecting, idle, leased, closing, queued }
  }

  /** Takes a snapshot. O(origins). */
  stats(waiting: number, queued: number): PoolStats {
    const origins: Record<string, OriginStats> = {}
    const counts = createStateCounts()
    const counters = new Counters()
    counters.absorb(this.#pastCounters)
    for (const origin of this.#origins.values()) {
      origins[origin.name] = this.#snapshotOf(origin)
      counters.absorb(origin.counters)
      for (const { index } of ALL_STATES) addTo(counts, index, origin.counts[index] as number)
    }
    return { ...snapshot(counts, counters, waiting, queued), origins }
  }

  #snapshotOf(origin: ConnectionOrigin<Transport, Request>): OriginStats {
    return snapshot(origin.counts, origin.counters, origin.waitingCount, origin.queuedCount)
  }

  /**
   * Changes a state and the counts; nothing else does.
   *
   * @throws IllegalTransitionError where the table has no such move; nothing has changed then.
   */
  #move(
    connection: Connection<Transport, Request>,
    next: State | undefined,
    event: LifecycleEvent,
  ): void {
    const { origin, state } = connection
    if (next === undefined)
      throw new IllegalTransitionError(`connection ${connection.id}`, state.name, event)
    addTo(origin.counts, state.index, -1)
    addTo(origin.counts, next.index, 1)
    if (next.isClosing) {
      if (!state.isClosing) this.#closingCount++
      connection.address?.connections.delete(connection)
    } else if (state.isClosing) {
      this.#closingCount--
    }
    connection.state = next
  }

  #remove(connection: Connection<Transport, Request>, reason: CloseReason, nowMs: number): void {
    connection.closeReason ??= reason
    this.#forget(connection)
    connection.origin.counters.countClose(connection.closeReason)
    if (!this.#wants('connection:closed')) return
    const { closeReason, openedAtMs, requestCount, hasOpened } = connection
    this.#tell(
      {
        type: 'connection:closed',
        ...identityOf(connection, nowMs),
        reason: closeReason,
        ageMs: nowMs - openedAtMs,
        requestCount,
        wasOpen: hasOpened,
      },
      connection,
    )
  }

  #tell(event: PoolEvent, connection: Connection<Transport, Request>): void {
    this.#onEvent(event, connection.origin.target, connection)
  }

  #forget(connection: Connection<Transport, Request>): void {
    connection.origin.connections.delete(connection)
    connection.address?.connections.delete(connection)
    this.#openCount--
  }
}

const ALL_STATES = Object.values(STATES)

const addTo = (counts: StateCounts, index: number, change: number): void => {
  ;(counts[index] as number) += change
}

const identityOf = <Transport, Request>(
  connection: Connection<Transport, Request>,
  atMs: number,
): ConnectionEvent => ({
  connectionId: connection.id,
  origin: connection.origin.name,
  atMs,
})
