import type { Placed } from '../addresses/address.ts'
import type { AddressBook } from '../addresses/address-book.ts'
import { Link, LinkedList } from '../structures/linked-list.ts'
import { Counters } from './counters.ts'
import { createStateCounts, STATES, type StateCounts } from './lifecycle.ts'
import type { OriginTarget } from './origin-target.ts'

/**
 * The connections that may replace each other, and who waits for them.
 *
 * Where a request waits for whatever comes first, nothing is idle; where one waits without a dial
 * of its own, no dial is spare.
 */
export class Origin<Connection extends Placed, Waiter> {
  /** What was asked for when the origin came to be. */
  readonly target: OriginTarget
  /** Every connection that holds or is about to hold a file descriptor. */
  readonly connections: Set<Connection> = new Set()
  /** Least recently used first. */
  readonly idle: LinkedList<Connection> = new LinkedList()
  /** Idle connections that no request has used yet although one was dialled for, oldest first. */
  readonly unused: LinkedList<Connection> = new LinkedList()
  /** Waiters with a dial of their own, in the order in which they came. */
  readonly dialing: LinkedList<Waiter> = new LinkedList()
  /** Waiters that take nothing but their own dial. */
  readonly claimed: LinkedList<Waiter> = new LinkedList()
  /** Waiters that take nothing but a dial of their own, and that the caps allow none. */
  readonly fresh: LinkedList<Waiter> = new LinkedList()
  /** Waiters that came later than those that dial, and that the caps allow no dial. */
  readonly queued: LinkedList<Waiter> = new LinkedList()
  /** Dials for warmth, and such whose waiter was served otherwise. */
  readonly spareDials: LinkedList<Connection> = new LinkedList()
  /** Connections that may wait for their peer as long as they like to, oldest first. */
  readonly lingering: LinkedList<Connection> = new LinkedList()
  readonly counts: StateCounts = createStateCounts()
  readonly counters: Counters = new Counters()
  /** How long its peers were seen to leave a connection idle, less a margin. */
  learnedIdleMs: number | undefined
  /** Where its name stands for more than one address, which connections lead where. */
  addresses: AddressBook<Connection> | undefined = undefined
  /** Its place among the origins that only the total cap keeps from dialling. */
  readonly turnLink: Link<this>
  /** Dials that only the total cap keeps it from. */
  wantedPlaces = 0
  /** Dials for warmth that are still to begin. */
  warmDialsLeft = 0
  /** When a request last got a connection. Kept only where origins are kept warm. */
  lastUsedMs: number | undefined = undefined
  /** Its place among the origins that lack nothing but a place to be kept warm. */
  readonly coldLink: Link<this>
  /** The most connections in use at once since its last trim, and how many it is thought to need. */
  peakInUse = 0
  neededCount = 0
  /** When it is trimmed next, and its place among the origins that will be. */
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

  /** What people and programs see of it. */
  get name(): string {
    return this.target.name
  }

  get connectingCount(): number {
    return this.counts[STATES.connecting.index] as number
  }

  /** Connections that their request may give back. */
  get leasedCount(): number {
    return this.counts[STATES.leased.index] as number
  }

  /** Connections that serve a request, be it their last one. */
  get inUseCount(): number {
    return this.leasedCount + (this.counts[STATES.draining.index] as number)
  }

  /** Connections that are about to give up their place. */
  get closingCount(): number {
    const lingering = this.counts[STATES.lingering.index] as number
    return lingering + (this.counts[STATES.closing.index] as number)
  }

  /** Every idle connection, unused ones included. */
  get idleCount(): number {
    return this.idle.size + this.unused.size
  }

  /** Connections that serve requests yet to come: idle ones, and dials that nobody waits for. */
  get aheadCount(): number {
    return this.idleCount + this.spareDials.size
  }

  /** Waiters without a dial of their own. */
  get queuedCount(): number {
    return this.fresh.size + this.queued.size
  }

  /** The waiter that is served by whatever comes first. */
  get oldestWaiter(): Waiter | undefined {
    return this.dialing.first ?? this.queued.first
  }

  get waitingCount(): number {
    return this.claimed.size + this.dialing.size + this.queuedCount
  }

  /** Whether nothing is left that could need this origin. */
  get isEmpty(): boolean {
    return this.connections.size === 0 && this.waitingCount === 0
  }
}
