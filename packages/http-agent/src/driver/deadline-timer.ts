import { monotonicNowMs } from './clock.ts'

/** The longest delay that a timer of Node takes. */
const MAX_DELAY_MS = 2_147_483_647

/** What has deadlines: the pool. */
interface Deadlines {
  readonly nextDeadlineMs: number
  readonly advance: (nowMs: number) => void
}

/**
 * The one timer of a pool. It never keeps the process alive. A deadline that moves back is noticed
 * when the timer fires, one that moves forward by {@link follow}.
 */
export class DeadlineTimer {
  readonly #deadlines: Deadlines
  #timer: NodeJS.Timeout | undefined
  #firesAtMs = Number.POSITIVE_INFINITY

  constructor(deadlines: Deadlines) {
    this.#deadlines = deadlines
  }

  /** To be called after whatever may have brought a deadline forward. */
  follow(nowMs: number): void {
    const { nextDeadlineMs } = this.#deadlines
    if (nextDeadlineMs < this.#firesAtMs) this.#arm(nextDeadlineMs, nowMs)
  }

  #arm(deadlineMs: number, nowMs: number): void {
    clearTimeout(this.#timer)
    this.#firesAtMs = deadlineMs
    // Rounded up, because a timer that fires early would have to be armed again.
    const delayMs = Math.min(Math.max(Math.ceil(deadlineMs - nowMs), 1), MAX_DELAY_MS)
    this.#timer = setTimeout(() => {
      this.#firesAtMs = Number.POSITIVE_INFINITY
      this.#deadlines.advance(monotonicNowMs())
      this.follow(monotonicNowMs())
    }, delayMs)
    this.#timer.unref()
  }
}
