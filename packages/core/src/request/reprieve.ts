/**
 * The delay from which a wake-up counts as late: events of the meantime may not have been reported
 * yet.
 */
export const HELD_UP_MS = 20

/**
 * Grants one reprieve to deadlines that are found late: the caller was held up, and an event that
 * meets the deadline may not have been reported yet. They count at the next wake-up, which is then
 * due at once.
 */
export class Reprieve {
  readonly #heldUpMs: number
  /** Deadlines up to this time have had their reprieve. */
  #toMs = Number.NEGATIVE_INFINITY

  /** @param heldUpMs Delay from which a deadline gets a reprieve. */
  constructor(heldUpMs: number = HELD_UP_MS) {
    this.#heldUpMs = heldUpMs
  }

  /** Returns the time at which to check a deadline. */
  wakeUpFor(deadlineMs: number): number {
    return deadlineMs > this.#toMs ? deadlineMs : this.#toMs + 1
  }

  /** Whether the deadline is over and gets no reprieve. */
  isOver(deadlineMs: number, nowMs: number): boolean {
    if (nowMs < deadlineMs) return false
    if (deadlineMs > this.#toMs && nowMs - deadlineMs > this.#heldUpMs) this.#toMs = nowMs
    return nowMs > this.#toMs
  }
}
