import { type Link, LinkedList } from '../structures/linked-list.ts'
import type { ResolvedAddress } from './answer.ts'

/** The fields of a connection that an address book uses. Only the book writes them. */
export interface Placed {
  /** The address that it leads to; `undefined` where no book has assigned one. */
  address: Address<this> | undefined
  /** Its place among the idle connections of its address; made when it is first needed. */
  addressLink: Link<this> | undefined
}

/**
 * The time that an address is passed over after a dial of it failed; each further failure doubles
 * it.
 */
export const FIRST_PASS_OVER_MS = 1000

/** The longest time that an address is passed over. */
export const LONGEST_PASS_OVER_MS = 60_000

/** One of the IP addresses that an origin's name stands for, with its connections and failures. */
export class Address<Connection> implements ResolvedAddress {
  readonly address: string
  readonly family: 4 | 6
  /** Connections to it that may take a further request, or are being dialled; oldest first. */
  readonly connections: Set<Connection> = new Set()
  /** Idle connections to it, least recently used first. */
  readonly idle: LinkedList<Connection> = new LinkedList()
  /** Number of answers in a row that lacked it. */
  missedCount = 0
  /** Whether the name no longer stands for it. */
  isGone = false
  /** Number of dials in a row that failed. */
  failureCount = 0
  /** The time until which other addresses come first. */
  passedOverUntilMs: number = Number.NEGATIVE_INFINITY
  /** Whether a dial is testing if it answers again. */
  isOnTrial = false
  /** The last choice of its idle connections, as a count of choices. */
  turn = 0

  constructor({ address, family }: ResolvedAddress) {
    this.address = address
    this.family = family
  }

  /** Number of requests in progress on its connections, and of dials. */
  get busyCount(): number {
    return this.connections.size - this.idle.size
  }

  isPassedOver(nowMs: number): boolean {
    return nowMs < this.passedOverUntilMs
  }

  /** Records a failed dial. Failures while it is passed over count as one. */
  fail(nowMs: number): boolean {
    if (this.isPassedOver(nowMs) && !this.isOnTrial) return false
    this.isOnTrial = false
    this.failureCount++
    this.passedOverUntilMs = nowMs + this.#pauseMs
    return true
  }

  /** Records a dial that succeeded. */
  succeed(): void {
    this.failureCount = 0
    this.isOnTrial = false
    this.passedOverUntilMs = Number.NEGATIVE_INFINITY
  }

  /**
   * Records the start of a dial. Where the last ones failed, no other one starts until its outcome
   * is known.
   */
  try(nowMs: number): void {
    if (this.failureCount === 0 || this.isPassedOver(nowMs)) return
    this.isOnTrial = true
    this.passedOverUntilMs = nowMs + this.#pauseMs
  }

  get #pauseMs(): number {
    return Math.min(LONGEST_PASS_OVER_MS, FIRST_PASS_OVER_MS * 2 ** (this.failureCount - 1))
  }
}
