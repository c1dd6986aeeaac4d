import type { PortEvent, PortEventType } from '../connection/events.ts'
import type { TimeWaitHolder } from './tcp-views.ts'
import type { TimeWaitLedger } from './time-wait-ledger.ts'

/** A destination's ports count as recovered below this part of the share that made them scarce. */
const RECOVERED_PART = 0.75

/** An address and port that connections lead to. Only {@link DestinationPorts} writes to it. */
export interface Destination {
  /** The address and port, as it was given to {@link DestinationPorts.open}. */
  readonly name: string
  /** Connections that are open. */
  readonly openCount: number
  /** Whether its ephemeral ports are nearly used up. */
  readonly isNearlyExhausted: boolean
}

type Account = { -readonly [Field in keyof Destination]: Destination[Field] }

/** The ephemeral ports that all destinations hold. */
export interface PortUsage {
  /** Number of ephemeral ports for each destination. */
  readonly ports: number
  /** Connections that are open. */
  readonly open: number
  /** TIME_WAITs that were left behind and are not over. */
  readonly timeWaits: number
  /** Destinations whose ports are nearly used up, by name. */
  readonly nearlyExhausted: readonly string[]
}

/**
 * The ephemeral ports that each destination holds, by open connections and by TIME_WAITs. It emits
 * when those of a destination are nearly used up, at the ledger's `nearlyExhaustedShare` of them,
 * and when they have recovered, below three quarters of that share: between the two nothing flaps.
 *
 * It remembers a destination while that has an open connection, or is nearly exhausted, and its
 * TIME_WAITs as long as they last. Opening and closing cost O(1), amortised.
 */
export class DestinationPorts {
  readonly #ledger: TimeWaitLedger
  readonly #onEvent: (event: PortEvent) => void
  /** The number of held ports from which a destination is nearly exhausted. */
  readonly #scarceFrom: number
  readonly #recoveredBelow: number
  readonly #accounts: Map<string, Account> = new Map()
  readonly #exhausted: Set<Account> = new Set()
  #openCount = 0

  /** @param onEvent Receives each event, within the call in which it happens. It must not throw. */
  constructor(ledger: TimeWaitLedger, onEvent: (event: PortEvent) => void) {
    this.#ledger = ledger
    this.#onEvent = onEvent
    this.#scarceFrom = Math.ceil(ledger.portCount * ledger.nearlyExhaustedShare)
    this.#recoveredBelow = Math.floor(RECOVERED_PART * this.#scarceFrom)
  }

  /**
   * The next time at which {@link advance} has something to do; Infinity where no port is scarce.
   */
  get nextDeadlineMs(): number {
    return this.#exhausted.size === 0 ? Number.POSITIVE_INFINITY : this.#ledger.nextExpiryMs
  }

  /** Number of destinations that it remembers, except those that have only TIME_WAITs. */
  get destinationCount(): number {
    return this.#accounts.size
  }

  /** Counts a connection that has opened. */
  open(name: string, nowMs: number): Destination {
    let account = this.#accounts.get(name)
    if (account === undefined) {
      account = { name, openCount: 0, isNearlyExhausted: false }
      this.#accounts.set(name, account)
    }
    account.openCount++
    this.#openCount++
    this.#settle(account, nowMs)
    return account
  }

  /** Counts a connection that has closed; `holder` is the side that TIME_WAIT is on. */
  close(destination: Destination, holder: TimeWaitHolder | 'unknown', nowMs: number): void {
    const account = destination as Account
    account.openCount--
    this.#openCount--
    if (holder === 'local' || holder === 'both') this.#ledger.record(account.name, nowMs)
    this.#settle(account, nowMs)
  }

  /** Looks again at the destinations that were nearly exhausted. */
  advance(nowMs: number): void {
    for (const account of this.#exhausted) this.#settle(account, nowMs)
  }

  /** Takes a snapshot. O(destinations). */
  usage(nowMs: number): PortUsage {
    this.advance(nowMs)
    return {
      ports: this.#ledger.portCount,
      open: this.#openCount,
      timeWaits: this.#ledger.totalCount(nowMs),
      nearlyExhausted: [...this.#exhausted].map(({ name }) => name),
    }
  }

  #settle(account: Account, nowMs: number): void {
    const timeWaits = this.#ledger.count(account.name, nowMs)
    const held = account.openCount + timeWaits
    if (!account.isNearlyExhausted && held >= this.#scarceFrom) {
      account.isNearlyExhausted = true
      this.#exhausted.add(account)
      this.#tell('ports:nearly_exhausted', account, timeWaits, nowMs)
    } else if (account.isNearlyExhausted && held < this.#recoveredBelow) {
      account.isNearlyExhausted = false
      this.#exhausted.delete(account)
      this.#tell('ports:recovered', account, timeWaits, nowMs)
    }
    if (account.openCount === 0 && !account.isNearlyExhausted) this.#accounts.delete(account.name)
  }

  #tell(type: PortEventType, { name, openCount }: Account, timeWaits: number, atMs: number): void {
    this.#onEvent({
      type,
      destination: name,
      atMs,
      open: openCount,
      timeWaits,
      ports: this.#ledger.portCount,
    })
  }
}
