import type { CloseReason } from '../connection/close-reason.ts'
import { DeadlineQueue, type Expiring } from '../structures/deadline-queue.ts'

/** How long an origin is left alone after a dial of it came to nothing; each further one doubles it. */
export const FIRST_PAUSE_MS = 1000

/** The longest that an origin is left alone. */
export const LONGEST_PAUSE_MS = 30_000

/** How many origins are remembered; the one that failed longest ago is forgotten first. */
const MAX_ORIGINS = 10_000

const LOSSES: ReadonlySet<CloseReason> = new Set(['peer_fin', 'peer_reset', 'stray_data', 'error'])

/** Whether a connection that ends so ends by its peer, or on the way to it, rather than by us. */
export const isLoss = (reason: CloseReason): boolean => LOSSES.has(reason)

class Pause implements Expiring {
  readonly originKey: string
  /** Pauses in a row. */
  readonly count: number
  readonly expiresAtMs: number
  deadlineIndex = -1

  constructor(originKey: string, count: number, nowMs: number) {
    this.originKey = originKey
    this.count = count
    this.expiresAtMs = nowMs + Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (count - 1))
  }
}

/**
 * Which origins are not dialled for nobody, because such a dial came to nothing: it failed, or its
 * connection was lost before it had served a request. What fails while a pause lasts counts as one. A
 * pause outlives the connections that it came from; what was learned is forgotten once an origin was
 * left in peace for as long as the longest pause, or has proved itself.
 */
export class DialPauses {
  /** The one that failed longest ago first. */
  readonly #pauses: Map<string, Pause> = new Map()
  /** Those that are not over, or have not been told of. */
  readonly #pending: DeadlineQueue<Pause> = new DeadlineQueue()

  /** When the first pause ends that has not been told of. */
  get nextDeadlineMs(): number {
    return this.#pending.first?.expiresAtMs ?? Number.POSITIVE_INFINITY
  }

  /** Whether the origin is to be left alone. */
  isPaused(originKey: string): boolean {
    const pause = this.#pauses.get(originKey)
    return pause !== undefined && pause.deadlineIndex !== -1
  }

  /** A dial of the origin came to nothing. */
  begin(originKey: string, nowMs: number): void {
    if (this.isPaused(originKey)) return
    const last = this.#pauses.get(originKey)
    const isNew = last === undefined || nowMs > last.expiresAtMs + LONGEST_PAUSE_MS
    const pause = new Pause(originKey, isNew ? 1 : last.count + 1, nowMs)
    this.#pauses.delete(originKey)
    this.#pauses.set(originKey, pause)
    this.#pending.add(pause)
    const [oldest] = this.#pauses.keys()
    if (this.#pauses.size > MAX_ORIGINS) this.end(oldest as string)
  }

  /** A connection that nobody had waited for has served a request. */
  end(originKey: string): void {
    const pause = this.#pauses.get(originKey)
    if (pause === undefined) return
    this.#pauses.delete(originKey)
    if (pause.deadlineIndex !== -1) this.#pending.remove(pause)
  }

  /** An origin whose pause is over, told once; `undefined` where there is none. */
  takeOver(nowMs: number): string | undefined {
    const { first } = this.#pending
    if (first === undefined || nowMs < first.expiresAtMs) return undefined
    this.#pending.remove(first)
    return first.originKey
  }

  /** Forgets everything. */
  clear(): void {
    for (const originKey of [...this.#pauses.keys()]) this.end(originKey)
  }
}
