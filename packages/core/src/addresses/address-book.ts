import { Link } from '../structures/linked-list.ts'
import { Address, type Placed } from './address.ts'
import type { AddressRules } from './address-rules.ts'
import type { Answer, ResolvedAddress } from './answer.ts'

/**
 * The most addresses of a name that are used; further ones count as known, and get no connection.
 */
export const MAX_ADDRESSES = 64

/** The number of answers in a row that must lack an address before it is gone. */
export const MISSES_UNTIL_GONE = 2

/** The surplus of connections over the emptiest address from which an address has too many. */
const UNEVEN = 2

/**
 * The addresses that the name of one origin stands for, and the connections to each.
 *
 * - A dial goes to the address with the fewest connections, in the resolver's order among equals;
 *   those of the other family than the first one's come behind, and those that failed lately come
 *   last.
 * - An idle connection is taken from the address with the fewest requests in progress; among
 *   equals, from the one that was chosen longest ago.
 * - An address that two answers in a row lack is gone.
 *
 * It holds at most {@link MAX_ADDRESSES} addresses. A dial takes O(addresses log addresses), an
 * answer takes time linear in its length.
 */
export class AddressBook<Connection extends Placed> {
  readonly #rules: AddressRules
  readonly #known: Map<string, Address<Connection>> = new Map()
  #answer: Answer | undefined
  /** Addresses of the last answer that are used, in its order. */
  #candidates: readonly Address<Connection>[] = []
  /** Time of the newest answer. */
  #answeredAtMs = Number.NEGATIVE_INFINITY
  #movedAtMs = Number.NEGATIVE_INFINITY
  /** Dials since the newest answer, less one for each connection that was moved. */
  #turnover = 0
  #turns = 0

  constructor(rules: AddressRules) {
    this.#rules = rules
  }

  /** Every address that is not gone. At most {@link MAX_ADDRESSES}. */
  get addresses(): Iterable<Address<Connection>> {
    return this.#known.values()
  }

  /** Whether there is more than one address to choose from. */
  get hasChoice(): boolean {
    return this.#known.size > 1
  }

  /**
   * Time of the newest answer, in milliseconds of the pool's clock; `-Infinity` before the first.
   */
  get answeredAtMs(): number {
    return this.#answeredAtMs
  }

  /**
   * Learns an answer, which may be the one before.
   *
   * @returns The addresses that are gone.
   */
  learn(answer: Answer): readonly Address<Connection>[] {
    if (answer === this.#answer) return []
    this.#answer = answer
    const isNewer = answer.atMs > this.#answeredAtMs
    const inAnswer = new Set(answer.addresses.map(({ address }) => address))
    const gone = isNewer ? this.#countMisses(inAnswer) : []
    if (isNewer) this.#answeredAtMs = answer.atMs
    this.#candidates = this.#candidatesOf(answer)
    if (this.#candidates.length > 0) return gone
    // The book is full of addresses that this answer lacks.
    gone.push(this.#giveUpOne())
    this.#candidates = this.#candidatesOf(answer)
    return gone
  }

  /**
   * Chooses the addresses for a dial, which counts for the first of them.
   *
   * @param isUsable Whether the dial can lead to the address; where none is usable, all are tried.
   * @returns The addresses to try, in that order; at least one.
   */
  dial(
    connection: Connection,
    answer: Answer,
    isUsable: (address: ResolvedAddress) => boolean,
    nowMs: number,
  ): readonly Address<Connection>[] {
    if (answer !== this.#answer) this.learn(answer)
    const usable = this.#candidates.filter(isUsable)
    const addresses = this.#inOrder(usable.length > 0 ? usable : this.#candidates, nowMs)
    const first = addresses[0] as Address<Connection>
    first.try(nowMs)
    this.#turnover++
    this.place(connection, first)
    return addresses
  }

  /** Finds an address by its spelling; `undefined` where it is gone. */
  find(address: string): Address<Connection> | undefined {
    return this.#known.get(address)
  }

  /** Assigns the connection to the address that it leads to, or is dialled to. */
  place(connection: Connection, address: Address<Connection>): void {
    if (connection.address === address) return
    this.leave(connection)
    connection.address = address
    address.connections.add(connection)
  }

  /** Stops counting the connection, which takes no further request. It keeps its address. */
  leave(connection: Connection): void {
    connection.address?.connections.delete(connection)
  }

  /** Counts the connection as idle. */
  addIdle(connection: Connection): void {
    const { address } = connection
    if (address === undefined) return
    connection.addressLink ??= new Link(connection)
    address.idle.push(connection.addressLink)
  }

  /** Chooses among the addresses with an idle connection: the one with the fewest requests. */
  choose(): Address<Connection> | undefined {
    let chosen: Address<Connection> | undefined
    for (const address of this.#known.values()) {
      if (address.idle.size > 0 && (chosen === undefined || hasLessToDo(address, chosen))) {
        chosen = address
      }
    }
    if (chosen !== undefined) chosen.turn = ++this.#turns
    return chosen
  }

  /**
   * Takes a connection to replace at an address that has too few, where the origin does not dial by
   * itself: the oldest one of the address that has most, at most one in `refreshMs`. Called after
   * each answer.
   */
  takeSurplus(nowMs: number): Connection | undefined {
    const hasTurnover = this.#turnover > 0
    this.#turnover = 0
    if (!this.#rules.spread || hasTurnover) return undefined
    if (nowMs < this.#movedAtMs + this.#rules.refreshMs) return undefined
    const [first] = this.#candidates
    const usable = this.#candidates.filter(
      ({ failureCount, family }) => failureCount === 0 && family === first?.family,
    )
    const { most, least } = extremesOf(usable)
    if (most === undefined || least === undefined) return undefined
    if (most.connections.size - least.connections.size < UNEVEN) return undefined
    this.#movedAtMs = nowMs
    this.#turnover = -1
    const [oldest] = most.connections
    return oldest
  }

  #countMisses(inAnswer: ReadonlySet<string>): Address<Connection>[] {
    const gone: Address<Connection>[] = []
    for (const address of this.#known.values()) {
      address.missedCount = inAnswer.has(address.address) ? 0 : address.missedCount + 1
      if (address.missedCount === MISSES_UNTIL_GONE) gone.push(this.#giveUp(address))
    }
    return gone
  }

  #giveUp(address: Address<Connection>): Address<Connection> {
    address.isGone = true
    this.#known.delete(address.address)
    return address
  }

  /** Gives up the address that has been missed longest, or known longest. */
  #giveUpOne(): Address<Connection> {
    const [oldest] = [...this.#known.values()].toSorted(
      (one, other) => other.missedCount - one.missedCount,
    )
    return this.#giveUp(oldest as Address<Connection>)
  }

  #candidatesOf({ addresses }: Answer): readonly Address<Connection>[] {
    const candidates: Address<Connection>[] = []
    for (const resolved of addresses) {
      let address = this.#known.get(resolved.address)
      if (address === undefined && this.#known.size < MAX_ADDRESSES) {
        address = new Address<Connection>(resolved)
        this.#known.set(address.address, address)
      }
      if (address !== undefined) candidates.push(address)
    }
    return candidates
  }

  #inOrder(
    candidates: readonly Address<Connection>[],
    nowMs: number,
  ): readonly Address<Connection>[] {
    if (candidates.length === 1) return candidates
    const { family } = candidates[0] as Address<Connection>
    const { spread } = this.#rules
    const places = candidates.map((address, rank) => ({
      address,
      rank,
      isPassedOver: address.isPassedOver(nowMs),
      isOfOtherFamily: address.family !== family,
      load: spread ? address.connections.size : 0,
    }))
    places.sort(
      (one, other) =>
        Number(one.isPassedOver) - Number(other.isPassedOver) ||
        Number(one.isOfOtherFamily) - Number(other.isOfOtherFamily) ||
        one.load - other.load ||
        one.rank - other.rank,
    )
    return places.map(({ address }) => address)
  }
}

const hasLessToDo = <Connection>(one: Address<Connection>, other: Address<Connection>): boolean => {
  const difference = one.busyCount - other.busyCount
  return difference < 0 || (difference === 0 && one.turn < other.turn)
}

const extremesOf = <Connection>(
  addresses: readonly Address<Connection>[],
): { most: Address<Connection> | undefined; least: Address<Connection> | undefined } => {
  let [most] = addresses
  let least = most
  for (const address of addresses) {
    const { size } = address.connections
    if (size > (most?.connections.size ?? 0)) most = address
    if (size < (least?.connections.size ?? 0)) least = address
  }
  return { most, least }
}
