import type { Connection, ConnectionOrigin } from '../connection/connection.ts'
import { STATES } from '../connection/lifecycle.ts'
import type { OriginTarget } from '../connection/origin-target.ts'
import type { Effects } from '../effects.ts'
import type { PoolOptions } from '../options/pool-options.ts'
import type { PoolParts } from '../pool-parts.ts'
import type { PoolRequest } from '../request/pool-request.ts'
import { DeadlineQueue, type Expiring } from '../structures/deadline-queue.ts'
import type { Address } from './address.ts'
import { AddressBook } from './address-book.ts'
import type { AddressRules } from './address-rules.ts'
import type { Answer, ResolvedAddress } from './answer.ts'

/**
 * The most origins without connections that are remembered; the one used longest ago is forgotten
 * first.
 */
const MAX_PAST_BOOKS = 1000

/** The book of an origin, and the deadline for the next lookup of its name. */
class BookEntry<Transport, Request> implements Expiring {
  readonly book: AddressBook<Connection<Transport, Request>>
  target: OriginTarget
  expiresAtMs = 0
  deadlineIndex = -1
  /** Number of leases of the origin at the last lookup. */
  leaseCount = 0

  constructor(target: OriginTarget, rules: AddressRules) {
    this.target = target
    this.book = new AddressBook(rules)
  }
}

/**
 * The addresses of all origins. It chooses those that dials try, ends connections to addresses that
 * are gone, and asks for names to be looked up again.
 */
export class AddressKeeper<Transport, Request extends PoolRequest> {
  readonly #rules: AddressRules
  readonly #effects: Effects<Transport, Request>
  readonly #parts: PoolParts<Transport, Request>
  /** Entries of origins with connections or waiters, by key. */
  readonly #entries: Map<string, BookEntry<Transport, Request>> = new Map()
  /** Entries of origins without either: an address that failed stays behind the others. */
  readonly #past: Map<string, BookEntry<Transport, Request>> = new Map()
  readonly #lookups: DeadlineQueue<BookEntry<Transport, Request>> = new DeadlineQueue()
  #isStopped = false

  constructor(
    rules: AddressRules,
    { effects }: PoolOptions<Transport, Request>,
    parts: PoolParts<Transport, Request>,
  ) {
    this.#rules = rules
    this.#effects = effects
    this.#parts = parts
  }

  /** The time at which the next name may have to be looked up again. */
  get nextDeadlineMs(): number {
    return this.#lookups.first?.expiresAtMs ?? Number.POSITIVE_INFINITY
  }

  /**
   * Chooses the addresses for a dial whose name has been looked up.
   *
   * @param isUsable Whether the dial can lead to the address; where none is usable, all are tried.
   * @returns The addresses to try, in that order; at least one. The dial counts for the first of
   * them.
   */
  dial(
    connection: Connection<Transport, Request>,
    answer: Answer,
    isUsable: (address: ResolvedAddress) => boolean,
    nowMs: number,
  ): readonly ResolvedAddress[] {
    const entry = this.#entryOf(connection.origin)
    this.#learn(entry, answer, nowMs)
    return entry.book.dial(connection, answer, isUsable, nowMs)
  }

  /** Records that the dial has connected to the address. */
  connected(connection: Connection<Transport, Request>, { address }: ResolvedAddress): void {
    const entry = this.#entries.get(connection.origin.key)
    const known = entry?.book.find(address)
    if (known !== undefined && connection.state === STATES.connecting) {
      entry?.book.place(connection, known)
    }
  }

  /** Records that the connection has opened. */
  opened({ address }: Connection<Transport, Request>): void {
    address?.succeed()
  }

  /** Records that the dial failed, at the address that it tried last. */
  failed(connection: Connection<Transport, Request>, nowMs: number): void {
    if (connection.address !== undefined) this.#fail(connection, connection.address, nowMs)
  }

  /** Records that one attempt of a dial failed, or took longer than one that began after it. */
  attemptFailed(
    connection: Connection<Transport, Request>,
    { address }: ResolvedAddress,
    nowMs: number,
  ): void {
    const known = this.#entries.get(connection.origin.key)?.book.find(address)
    if (known !== undefined) this.#fail(connection, known, nowMs)
  }

  /** Learns the answer of a lookup that no dial waited for. */
  learn(originKey: string, answer: Answer, nowMs: number): void {
    const entry = this.#entries.get(originKey)
    if (entry !== undefined) this.#learn(entry, answer, nowMs)
  }

  /** Sets aside the book of an origin that has no connection and no waiter. */
  forget({ key }: OriginTarget): void {
    const entry = this.#entries.get(key)
    if (entry === undefined) return
    this.#entries.delete(key)
    if (entry.deadlineIndex !== -1) this.#lookups.remove(entry)
    this.#past.set(key, entry)
    const [oldest] = this.#past.keys()
    if (this.#past.size > MAX_PAST_BOOKS) this.#past.delete(oldest as string)
  }

  /** Lists the known addresses of an origin. */
  addressesOf(originKey: string): readonly Address<Connection<Transport, Request>>[] {
    return [...(this.#entries.get(originKey)?.book.addresses ?? [])]
  }

  /** Asks for lookups of names that were used since their last one. */
  advance(nowMs: number): void {
    while (true) {
      const entry = this.#lookups.first
      if (entry === undefined || nowMs < entry.expiresAtMs) return
      const leaseCount = this.#leaseCountOf(entry)
      const wasUsed = leaseCount !== entry.leaseCount
      this.#schedule(entry, nowMs + this.#rules.refreshMs)
      if (!wasUsed || this.#isStopped) continue
      entry.leaseCount = leaseCount
      this.#effects.lookUp?.(entry.target)
    }
  }

  /** Stops all lookups and moves. */
  stop(): void {
    this.#isStopped = true
  }

  #entryOf(origin: ConnectionOrigin<Transport, Request>): BookEntry<Transport, Request> {
    const { key, target } = origin
    const known = this.#entries.get(key)
    if (known !== undefined) return known
    const entry = this.#past.get(key) ?? new BookEntry<Transport, Request>(target, this.#rules)
    this.#past.delete(key)
    entry.target = target
    entry.leaseCount = origin.counters.leases
    this.#entries.set(key, entry)
    this.#index(origin, entry)
    return entry
  }

  #learn(entry: BookEntry<Transport, Request>, answer: Answer, nowMs: number): void {
    const { book, target } = entry
    const isNews = answer.atMs > book.answeredAtMs
    const gone = book.learn(answer)
    const origin = this.#parts.registry.origins.get(target.key)
    if (entry.deadlineIndex === -1 || isNews) {
      this.#schedule(entry, answer.atMs + this.#rules.refreshMs)
    }
    if (origin === undefined) return
    if (isNews) entry.leaseCount = origin.counters.leases
    this.#index(origin, entry)
    for (const address of gone) this.#leave(origin, address, nowMs)
    if (isNews) this.#move(origin, book, nowMs)
  }

  /** Indexes the idle connections of the origin by address, from now on. O(idle), once. */
  #index(
    origin: ConnectionOrigin<Transport, Request>,
    { book }: BookEntry<Transport, Request>,
  ): void {
    if (origin.addresses !== undefined || !book.hasChoice) return
    origin.addresses = book
    for (const connection of origin.idle) book.addIdle(connection)
  }

  #schedule(entry: BookEntry<Transport, Request>, atMs: number): void {
    if (entry.deadlineIndex !== -1) this.#lookups.remove(entry)
    entry.expiresAtMs = atMs
    this.#lookups.add(entry)
  }

  #leaseCountOf({ target }: BookEntry<Transport, Request>): number {
    return this.#parts.registry.origins.get(target.key)?.counters.leases ?? 0
  }

  #fail(
    connection: Connection<Transport, Request>,
    address: Address<Connection<Transport, Request>>,
    nowMs: number,
  ): void {
    if (!address.fail(nowMs)) return
    const { failureCount, passedOverUntilMs } = address
    this.#parts.registry.tellOfAddress(connection.origin, {
      type: 'address:passed_over',
      origin: connection.origin.name,
      atMs: nowMs,
      address: address.address,
      forMs: passedOverUntilMs - nowMs,
      failureCount,
    })
  }

  /** Ends idle connections to an address that is gone. Those in use finish first. */
  #leave(
    origin: ConnectionOrigin<Transport, Request>,
    address: Address<Connection<Transport, Request>>,
    nowMs: number,
  ): void {
    this.#parts.registry.tellOfAddress(origin, {
      type: 'address:gone',
      origin: origin.name,
      atMs: nowMs,
      address: address.address,
      openCount: address.connections.size,
    })
    for (const connection of [...address.connections]) {
      if (connection.state === STATES.idle) {
        this.#parts.keeper.end(connection, 'address_gone', nowMs)
      }
    }
  }

  /** Replaces a connection by one to another address, which is dialled before it ends. */
  #move(
    origin: ConnectionOrigin<Transport, Request>,
    book: AddressBook<Connection<Transport, Request>>,
    nowMs: number,
  ): void {
    if (this.#isStopped) return
    const { dialScheduler, dialer, keeper, registry } = this.#parts
    const surplus = book.takeSurplus(nowMs)
    if (surplus === undefined) return
    if (dialScheduler.hasRoom(origin) && dialScheduler.hasFreePlace) {
      dialer.dialAhead(origin, nowMs)
    }
    if (surplus.state === STATES.idle) keeper.end(surplus, 'rebalanced', nowMs)
    else if (surplus.state === STATES.leased) registry.retire(surplus, 'rebalanced', nowMs)
  }
}
