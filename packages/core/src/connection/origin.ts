import type { Placed } from '../addresses/address.ts'
import type { AddressBook } from '../addresses/address-book.ts'
import { Link, LinkedList } from '../structures/linked-list.ts'
import { Counters } from './counters.ts'
import { createStateCounts, STATES, type StateCounts } from './lifecycle.ts'
import type { OriginTarget } from './origin-target.ts'

/**
 * Connections that may replace each other, and the requests that wait for them.
 *
 * No connection is idle while a request waits that would take it, and no dial is spare while one
 * waits without a dial of its own.
 */
export class Origin<Connection extends Placed, Waiter> {
  /** The target of its first request. */
  readonly target: OriginTarget
  /** Every connection that holds or is about to hold a file descriptor. */
  readonly connections: Set<Connection> = new Set()
  /** Idle connections that a request has used, least recently used first. */
  readonly idle: LinkedList<Connection> = new LinkedList()
  /** Idle connections that no request has used although one was dialled for, oldest first. */
  readonly unused: LinkedList<Connection> = new LinkedList()
  /** Waiters with a dial of their own, in the order in which they came. */
  readonly dialing: LinkedList<Waiter> = new LinkedList()
  /** Waiters that take only their own dial, which has begun. */
  readonly claimed: LinkedList<Waiter> = new LinkedList()
  /** Waiters that take only a dial of their own, which the caps do not allow. */
  readonly fresh: LinkedList<Waiter> = new LinkedList()
  /** Waiters that the caps allow no dial, and that take whatever comes first. */
  readonly queued: LinkedList<Waiter> = new LinkedList()
  /**
   * Dials that no request waits for: for warmth, or left over by a waiter that was served
   * otherwise.
   */
  readonly spareDials: LinkedList<Connection> = new LinkedList()
  /** Connections that wait for their peer for the whole wait, oldest first. */
  readonly lingering: LinkedList<Connection> = new LinkedList()
  readonly counts: StateCounts = createStateCounts()
  readonly counters: Counters = new Counters()
  /** The idle time that its peers were seen to allow, less a margin, in milliseconds. */
  learnedIdleMs: number | undefined
  /** The book of its addresses, where its name stands for more than one; else `undefined`. */
  addresses: AddressBook<Connection> | undefined = undefined
  /** Its place among the origins that only the total cap keeps from dialling. */
  readonly turnLink: Link<this>
  /** Number of dials that only the total cap prevents. */
  wantedPlaces = 0
  /** Number of dials for warmth that are still to begin. */
  warmDialsLeft = 0
  /** The last time that a request got a connection. Kept only where origins are kept warm. */
  lastUsedMs: number | undefined = undefined
  /** Its place among the origins that lack nothing but a place to be kept warm. */
  readonly coldLink: Link<this>
  /** The most connections in use at once since its last trim. */
  peakInUse = 0
  neededCount = 0
  /** The time of its next trim, in milliseconds of the pool's clock. */
  trimAtMs = 0
  readonly trimLink: Link<this>

  constructor(target: OriginTarget, learnedIdleMs: number | undefined) {
    this.target = target
    this.learnedIdleMs = learnedIdleMs
    this.turnLink = new Link(this)
    this.coldLink = new Link(this)
    this.trimLink = new Link(this)
  }

  get key(): string {
    return this.target.key
  }

  /** The name that events, snapshots and errors show. */
  get name(): string {
    return this.target.name
  }

  get connectingCount(): number {
    return this.counts[STATES.connecting.index] as number
  }

  /** Number of connections whose request may give them back for reuse. */
  get leasedCount(): number {
    return this.counts[STATES.leased.index] as number
  }

  /** Number of connections that serve a request, those that serve their last one included. */
  get inUseCount(): number {
    return this.leasedCount + (this.counts[STATES.draining.index] as number)
  }

  /** Number of connections that are about to give up their place. */
  get closingCount(): number {
    const lingering = this.counts[STATES.lingering.index] as number
    return lingering + (this.counts[STATES.closing.index] as number)
  }

  /** Number of idle connections, unused ones included. */
  get idleCount(): number {
    return this.idle.size + this.unused.size
  }

  /** Number of connections for later requests: idle ones, and dials that no request waits for. */
  get aheadCount(): number {
    return this.idleCount + this.spareDials.size
  }

  /** Number of waiters without a dial of their own. */
  get queuedCount(): number {
    return this.fresh.size + this.queued.size
  }

  /** The waiter that takes the next free connection. */
  get oldestWaiter(): Waiter | undefined {
    return this.dialing.first ?? this.queued.first
  }

  get waitingCount(): number {
    return this.claimed.size + this.dialing.size + this.queuedCount
  }

  /** Whether it has no connection and no waiter. */
  get isEmpty(): boolean {
    return this.connections.size === 0 && this.waitingCount === 0
  }
}
