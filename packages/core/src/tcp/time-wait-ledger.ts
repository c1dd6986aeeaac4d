import { InvalidOptionError } from '../errors.ts'
import { describeLimit, type Limit } from '../policies/limits.ts'
import { Link, LinkedList } from '../structures/linked-list.ts'
import { LINUX_EPHEMERAL_PORTS, LINUX_TIME_WAIT_MS, portCount } from './port-budget.ts'

/** Options of {@link TimeWaitLedger}. Each may be left out. */
export interface TimeWaitLedgerOptions {
  /**
   * The time that a TIME_WAIT lasts, in milliseconds. 1 to 600,000; default 60,000, as on Linux.
   */
  readonly timeWaitMs?: number | undefined
  /** The first ephemeral port. 1 to 65,535; default 32,768, as on Linux. */
  readonly firstPort?: number | undefined
  /** The last ephemeral port. `firstPort` to 65,535; default 60,999, as on Linux. */
  readonly lastPort?: number | undefined
  /**
   * The share of the ports from which a destination counts as nearly exhausted. 0 to 1; default
   * 0.8, which at the highest rate that Linux' defaults sustain is 12 s before the last port.
   */
  readonly nearlyExhaustedShare?: number | undefined
}

type Field = keyof TimeWaitLedgerOptions

/** Defaults and bounds of {@link TimeWaitLedgerOptions}. */
export const TIME_WAIT_LEDGER_LIMITS: Readonly<Record<Field, Limit>> = {
  timeWaitMs: {
    default: LINUX_TIME_WAIT_MS,
    min: 1,
    max: 600_000,
    isInteger: false,
    about: 'How long a TIME_WAIT lasts: 2 MSL, which RFC 9293 puts at 240 s and Linux at 60 s.',
  },
  firstPort: {
    default: LINUX_EPHEMERAL_PORTS.first,
    min: 1,
    max: 65_535,
    isInteger: true,
    about: 'The first ephemeral port.',
  },
  lastPort: {
    default: LINUX_EPHEMERAL_PORTS.last,
    min: 1,
    max: 65_535,
    isInteger: true,
    about: 'The last ephemeral port, included.',
  },
  nearlyExhaustedShare: {
    default: 0.8,
    min: 0,
    max: 1,
    isInteger: false,
    about: 'The share of the ports from which a destination counts as nearly exhausted.',
  },
}

const isField = (key: string): key is Field => Object.hasOwn(TIME_WAIT_LEDGER_LIMITS, key)

const resolveOptions = (input: TimeWaitLedgerOptions): Record<Field, number> => {
  const options = {} as Record<Field, number>
  for (const key of Object.keys(TIME_WAIT_LEDGER_LIMITS) as Field[]) {
    const limit = TIME_WAIT_LEDGER_LIMITS[key]
    const value = input[key] === undefined ? limit.default : input[key]
    const isAllowed =
      value >= limit.min && value <= limit.max && (!limit.isInteger || Number.isInteger(value))
    if (typeof value !== 'number' || !isAllowed) {
      throw new InvalidOptionError(key, value, describeLimit(limit))
    }
    options[key] = value
  }
  for (const [key, value] of Object.entries(input)) {
    if (!isField(key)) throw new InvalidOptionError(key, value, 'left out: it is not known')
  }
  if (options.lastPort < options.firstPort) {
    throw new InvalidOptionError('lastPort', options.lastPort, `from ${options.firstPort}`)
  }
  return options
}

/** The TIME_WAITs that began within one slice of time; they leave the ledger together. */
interface Slice {
  readonly startMs: number
  /** Start of the last of them. */
  endMs: number
  readonly counts: Map<string, number>
}

interface Account {
  count: number
  /** Start of the last of its TIME_WAITs. */
  latestMs: number
}

const SLICES = 60

/**
 * The TIME_WAITs that this process has left, by destination, and the share of the ephemeral ports
 * that they hold. Only what was recorded counts: the ports of open connections, and of other
 * processes at the same address, come on top.
 *
 * Time is cut into slices of a sixtieth of `timeWaitMs`, 1 s by default. A count is never too low;
 * a TIME_WAIT may count for less than a slice longer than it lasts. A destination holds one number
 * per slice in which it was recorded, at most 61, however many TIME_WAITs it has, and is forgotten
 * with the last of them. The destinations have no limit of their own: there are no more of them
 * than TIME_WAITs, which the kernel limits by sysctl `tcp_max_tw_buckets`.
 *
 * A record costs O(1), amortised. `nowMs` is monotonic; one earlier than before counts as that.
 */
export class TimeWaitLedger {
  /** Number of ephemeral ports. */
  readonly portCount: number
  /** The share of them from which a destination counts as nearly exhausted. */
  readonly nearlyExhaustedShare: number
  readonly #timeWaitMs: number
  readonly #sliceMs: number
  readonly #accounts: Map<string, Account> = new Map()
  readonly #slices: LinkedList<Slice> = new LinkedList()

  /** @throws InvalidOptionError for an option that is unknown, out of range or contradicts another. */
  constructor(options: TimeWaitLedgerOptions = {}) {
    const { timeWaitMs, firstPort, lastPort, nearlyExhaustedShare } = resolveOptions(options)
    this.#timeWaitMs = timeWaitMs
    this.#sliceMs = timeWaitMs / SLICES
    this.portCount = portCount({ first: firstPort, last: lastPort })
    this.nearlyExhaustedShare = nearlyExhaustedShare
  }

  /**
   * The next time at which {@link expire} has something to forget; Infinity where nothing is
   * recorded.
   */
  get nextExpiryMs(): number {
    const { first } = this.#slices
    return first === undefined ? Number.POSITIVE_INFINITY : first.endMs + this.#timeWaitMs
  }

  /**
   * Number of destinations that the ledger remembers; {@link expire} forgets those that have none
   * left.
   */
  get destinationCount(): number {
    return this.#accounts.size
  }

  /** Records that a connection to the destination has entered TIME_WAIT on this side. */
  record(destination: string, nowMs: number): void {
    this.expire(nowMs)
    const { counts } = this.#sliceAt(nowMs)
    counts.set(destination, (counts.get(destination) ?? 0) + 1)
    const account = this.#accounts.get(destination)
    if (account === undefined) {
      this.#accounts.set(destination, { count: 1, latestMs: nowMs })
    } else {
      account.count++
      account.latestMs = Math.max(account.latestMs, nowMs)
    }
  }

  /** Counts the TIME_WAITs that the destination has left. */
  count(destination: string, nowMs: number): number {
    return this.#liveAccount(destination, nowMs)?.count ?? 0
  }

  /** Counts the TIME_WAITs of all destinations together. O(destinations). */
  totalCount(nowMs: number): number {
    this.expire(nowMs)
    let total = 0
    for (const { count } of this.#accounts.values()) total += count
    return total
  }

  /**
   * The time at which the last TIME_WAIT of the destination ends; `undefined` where it has none.
   */
  lastExpiryMs(destination: string, nowMs: number): number | undefined {
    const account = this.#liveAccount(destination, nowMs)
    return account === undefined ? undefined : account.latestMs + this.#timeWaitMs
  }

  /**
   * The share of the ephemeral ports that the destination's TIME_WAITs hold. It exceeds 1 where the
   * kernel lends ports out again (sysctl `tcp_tw_reuse`) or there are several source addresses.
   */
  share(destination: string, nowMs: number): number {
    return this.count(destination, nowMs) / this.portCount
  }

  /** Whether the share has reached `nearlyExhaustedShare`. */
  isNearlyExhausted(destination: string, nowMs: number): boolean {
    return this.share(destination, nowMs) >= this.nearlyExhaustedShare
  }

  /**
   * Forgets the TIME_WAITs that are over. All other methods do so too: this is for a ledger that is
   * not in use.
   */
  expire(nowMs: number): void {
    while (this.nextExpiryMs <= nowMs) {
      for (const [destination, count] of this.#slices.shift()?.counts ?? []) {
        const account = this.#accounts.get(destination) as Account
        account.count -= count
        if (account.count === 0) this.#accounts.delete(destination)
      }
    }
  }

  /**
   * Finds the account, unless its last TIME_WAIT is over: a slice may outlive it because of another
   * destination.
   */
  #liveAccount(destination: string, nowMs: number): Account | undefined {
    this.expire(nowMs)
    const account = this.#accounts.get(destination)
    return account === undefined || account.latestMs + this.#timeWaitMs <= nowMs
      ? undefined
      : account
  }

  #sliceAt(nowMs: number): Slice {
    const { last } = this.#slices
    if (last !== undefined && nowMs < last.startMs + this.#sliceMs) {
      last.endMs = Math.max(last.endMs, nowMs)
      return last
    }
    const slice: Slice = { startMs: nowMs, endMs: nowMs, counts: new Map() }
    this.#slices.push(new Link(slice))
    return slice
  }
}
