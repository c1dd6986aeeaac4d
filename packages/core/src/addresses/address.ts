import { type Link, LinkedList } from '../structures/linked-list.ts'
import type { ResolvedAddress } from './answer.ts'

/** What an address book needs to know of a connection; it alone writes `address`. */
export interface Placed {
  /** Where it leads to; `undefined` where no book has sent it anywhere. */
  address: Address<this> | undefined
  /** Its place among the idle connections of its address; made when it is first needed. */
  addressLink: Link<this> | undefined
}

/** How long an address is passed over after a dial of it failed; each further failure doubles it. */
export const FIRST_PASS_OVER_MS = 1000

/** The longest that an address is passed over. */
export const LONGEST_PASS_OVER_MS = 60_000

/** One of the IP addresses that an origin's name stands for, and what is known of it. */
export class Address<Connection> implements ResolvedAddress {
  readonly address: string
  readonly family: 4 | 6
  /** Connections that lead there and may take a further request, or are being dialled; oldest first. */
  readonly connections: Set<Connection> = new Set()
  /** Those of them that are idle, least recently used first. */
  readonly idle: LinkedList<Connection> = new LinkedList()
  /** Answers in a row that lacked it. */
  missedCount = 0
  /** Whether the name does not stand for it any more. */
  isGone = false
  /** Dials in a row that came to nothing. */
  failureCount = 0
  /** Until when other addresses come first. */
  passedOverUntilMs: number = Number.NEGATIVE_INFINITY
  /** Whether a dial finds out whether it answers again. */
  isOnTrial = false
  /** When its idle connections were last chosen, as a count of choices. */
  turn = 0

  constructor({ address, family }: ResolvedAddress) {
    this.address = address
    this.family = family
  }

  /** Requests in progress on its connections, and dials. */
  get busyCount(): number {
    return this.connections.size - this.idle.size
  }

  isPassedOver(nowMs: number): boolean {
    return nowMs < this.passedOverUntilMs
  }

  /** A dial came to nothing. What fails while it is passed over already counts as one failure. */
  fail(nowMs: number): boolean {
    if (this.isPassedOver(nowMs) && !this.isOnTrial) return false
    this.isOnTrial = false
    this.failureCount++
    this.passedOverUntilMs = nowMs + this.#pauseMs
    return true
  }

  /** A dial succeeded. */
  succeed(): void {
    this.failureCount = 0
    this.isOnTrial = false
    this.passedOverUntilMs = Number.NEGATIVE_INFINITY
  }

  /** A dial begins. Where the last ones failed, no other one comes here until its outcome is known. */
  try(nowMs: number): void {
    if (this.failureCount === 0 || this.isPassedOver(nowMs)) return
    this.isOnTrial = true
    this.passedOverUntilMs = nowMs + this.#pauseMs
  }

  get #pauseMs(): number {
    return Math.min(LONGEST_PASS_OVER_MS, FIRST_PASS_OVER_MS * 2 ** (this.failureCount - 1))
  }
}
