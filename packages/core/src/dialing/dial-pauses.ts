import type { CloseReason } from '../connection/close-reason.ts'
import { DeadlineQueue, type Expiring } from '../structures/deadline-queue.ts'

/** The pause after a dial ahead failed; each further failure doubles it. */
export const FIRST_PAUSE_MS = 1000

/** The longest pause. */
export const LONGEST_PAUSE_MS = 30_000

/** The most origins that are remembered; the one that failed longest ago is forgotten first. */
const MAX_ORIGINS = 10_000

const LOSSES: ReadonlySet<CloseReason> = new Set(['peer_fin', 'peer_reset', 'stray_data', 'error'])

/** Whether a connection with this reason was ended by its peer or the network, not by us. */
export const isLoss = (reason: CloseReason): boolean => LOSSES.has(reason)

class Pause implements Expiring {
  readonly originKey: string
  /** Number of pauses in a row. */
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
 * Pauses of dials ahead, for origins where such a dial failed, or its connection was lost before it
 * had served a request. Failures during a pause count as one. A pause outlives its connections. The
 * count is forgotten after the longest pause without a failure, or once a connection has served a
 * request.
 */
export class DialPauses {
  /** Pauses by origin, the one that failed longest ago first. */
  readonly #pauses: Map<string, Pause> = new Map()
  /** Pauses whose end has not been reported by {@link takeOver}. */
  readonly #pending: DeadlineQueue<Pause> = new DeadlineQueue()

  /** The end of the first pause that {@link takeOver} has not reported. */
  get nextDeadlineMs(): number {
    return this.#pending.first?.expiresAtMs ?? Number.POSITIVE_INFINITY
  }

  /** Whether the origin is paused. */
  isPaused(originKey: string): boolean {
    const pause = this.#pauses.get(originKey)
    return pause !== undefined && pause.deadlineIndex !== -1
  }

  /** Begins a pause after a failed dial of the origin. */
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

  /** Ends the pauses of the origin: a connection that was dialled ahead has served a request. */
  end(originKey: string): void {
    const pause = this.#pauses.get(originKey)
    if (pause === undefined) return
    this.#pauses.delete(originKey)
    if (pause.deadlineIndex !== -1) this.#pending.remove(pause)
  }

  /** Takes an origin whose pause is over; `undefined` where there is none. */
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
