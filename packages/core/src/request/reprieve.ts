/**
 * A wake-up that comes later than this says that the caller was held up: what happened meanwhile may
 * not have been told yet.
 */
export const HELD_UP_MS = 20

/**
 * Lets off once whatever is found due too late: the caller was held up, and what would have spared it may
 * not have been told yet. It is due at the next wake-up, which is then wanted at once.
 */
export class Reprieve {
  readonly #heldUpMs: number
  /** What was due by then has been let off once. */
  #toMs = Number.NEGATIVE_INFINITY

  /** @param heldUpMs What is later than this is let off. */
  constructor(heldUpMs: number = HELD_UP_MS) {
    this.#heldUpMs = heldUpMs
  }

  /** When to look at a deadline. */
  wakeUpFor(deadlineMs: number): number {
    return deadlineMs > this.#toMs ? deadlineMs : this.#toMs + 1
  }

  /** Whether the deadline is over, and not to be let off. */
  isOver(deadlineMs: number, nowMs: number): boolean {
    if (nowMs < deadlineMs) return false
    if (deadlineMs > this.#toMs && nowMs - deadlineMs > this.#heldUpMs) this.#toMs = nowMs
    return nowMs > this.#toMs
  }
}
