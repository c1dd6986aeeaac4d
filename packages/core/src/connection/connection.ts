import type { Address, Placed } from '../addresses/address.ts'
import type { Waiter } from '../dialing/waiter.ts'
import type { KeepAliveHint } from '../policies/keep-alive-header.ts'
import type { ConnectionFacts } from '../policies/policy.ts'
import type { Expiring } from '../structures/deadline-queue.ts'
import { Link } from '../structures/linked-list.ts'
import type { CloseReason } from './close-reason.ts'
import { STATES, type State, type StateName } from './lifecycle.ts'
import type { Origin } from './origin.ts'

/** A request that waits, and the dial that may have been begun for it. */
export type RequestWaiter<Transport, Request> = Waiter<Request, Connection<Transport, Request>>

/** The connections and waiters of one origin. */
export type ConnectionOrigin<Transport, Request> = Origin<
  Connection<Transport, Request>,
  RequestWaiter<Transport, Request>
>

/**
 * A connection that the pool manages. Only the pool writes to it, except for `transport` and {@link
 * applyHint}.
 */
export class Connection<Transport, Request> implements ConnectionFacts, Expiring, Placed {
  /** Unique within the pool, from 1. */
  readonly id: number
  /** The origin that it leads to. */
  readonly origin: ConnectionOrigin<Transport, Request>
  /** Start of its dial, in milliseconds of the pool's clock. */
  readonly createdAtMs: number
  readonly jitter: number
  /** Carrier of the bytes, such as a socket. The pool never reads it. */
  transport: Transport | undefined
  /** Its state in the lifecycle, with the legal moves as links. */
  state: State
  /** The address that it leads to; `undefined` where the pool knows of no addresses. */
  address: Address<this> | undefined
  requestCount: number
  /** Whether its dial ever succeeded. */
  hasOpened: boolean
  /** Whether it has been idle since it opened. */
  hasBeenIdle: boolean
  /** Whether it was found alive when it was leased. Otherwise its next user has to check it. */
  isSure: boolean
  /** Whether it was dialled to keep its origin warm, not for a request. */
  isAhead: boolean
  openedAtMs: number
  idleSinceMs: number
  hintedIdleMs: number | undefined
  hintedRequestLimit: number | undefined
  /**
   * Its deadline in the one queue that it is in, in milliseconds of the pool's clock; meaningless
   * outside a queue.
   */
  expiresAtMs: number
  /** Its place in that queue, written by the queue; -1 where it is in none. */
  deadlineIndex: number
  /** Number of times in a row that it went from one waiter of its origin straight to the next. */
  handOns: number
  /** The reason why it takes no further request; `undefined` while it may take one. */
  closeReason: CloseReason | undefined
  /** The request that has it. */
  request: Request | undefined
  /** The waiter that its dial was begun for, while both wait; else `undefined`. */
  waiter: RequestWaiter<Transport, Request> | undefined
  /**
   * Its place among its origin's idle connections, spare dials, or connections that linger for the
   * whole wait.
   */
  readonly originLink: Link<this>
  /** Its place among the same of all origins. */
  readonly idleLink: Link<this>
  /** Its place among the idle connections of its address, where there is more than one. */
  addressLink: Link<this> | undefined

  constructor(
    id: number,
    origin: ConnectionOrigin<Transport, Request>,
    createdAtMs: number,
    jitter: number,
  ) {
    this.id = id
    this.origin = origin
    this.createdAtMs = createdAtMs
    this.jitter = jitter
    this.transport = undefined
    this.state = STATES.connecting
    this.address = undefined
    this.requestCount = 0
    this.hasOpened = false
    this.hasBeenIdle = false
    this.isSure = true
    this.isAhead = false
    this.openedAtMs = createdAtMs
    this.idleSinceMs = createdAtMs
    this.hintedIdleMs = undefined
    this.hintedRequestLimit = undefined
    // Read only while it has a deadline; a fraction or Infinity here would be boxed from then on.
    this.expiresAtMs = 0
    this.deadlineIndex = -1
    this.handOns = 0
    this.closeReason = undefined
    this.request = undefined
    this.waiter = undefined
    this.originLink = new Link(this)
    this.idleLink = new Link(this)
    this.addressLink = undefined
  }

  get learnedIdleMs(): number | undefined {
    return this.origin.learnedIdleMs
  }

  get isAddressGone(): boolean {
    return this.address?.isGone === true
  }

  /** The name of its state. */
  get stateName(): StateName {
    return this.state.name
  }

  /** Whether a request has it, as its last one or not. */
  get isInUse(): boolean {
    return this.state === STATES.leased || this.state === STATES.draining
  }

  /** Whether no request has it, and none will: it waits for its peer to close, or is being closed. */
  get isClosing(): boolean {
    return this.state.isClosing
  }

  /**
   * Records what the server announced in its `Keep-Alive` header. A value that it left out keeps
   * its last one.
   */
  applyHint({ timeoutMs, maxRequests }: KeepAliveHint): void {
    if (timeoutMs !== undefined) this.hintedIdleMs = timeoutMs
    if (maxRequests !== undefined) this.hintedRequestLimit = this.requestCount + maxRequests
  }

  /** Whether a request before the present one was served by this connection. */
  get isReused(): boolean {
    return this.requestCount > 1
  }

  /** Whether a request asked for its dial, and none has used it. */
  get isLeftOver(): boolean {
    return this.requestCount === 0 && !this.isAhead
  }

  /** Whether it may have died before its present request got it: it has served another, or was idle. */
  get isDated(): boolean {
    return this.isReused || this.hasBeenIdle
  }
}
