import { monotonicNowMs } from './clock.ts'
import { MAX_DELAY_MS, realTime } from './real-time.ts'

/** Something that has deadlines: the pool. */
interface Deadlines {
  readonly nextDeadlineMs: number
  readonly advance: (nowMs: number) => void
}

/**
 * The one timer of a pool. It keeps the process alive only while a request waits for a deadline. A later
 * deadline is noticed when the timer fires, an earlier one by {@link follow}.
 */
export class DeadlineTimer {
  readonly #deadlines: Deadlines
  readonly #isAwaited: (() => boolean) | undefined
  #timer: NodeJS.Timeout | undefined
  #firesAtMs = Number.POSITIVE_INFINITY
  #keepsAlive = false

  /** @param isAwaited Whether a request waits for a deadline. Default: none ever does. */
  constructor(deadlines: Deadlines, isAwaited?: () => boolean) {
    this.#deadlines = deadlines
    this.#isAwaited = isAwaited
  }

  /** Sets the timer anew; to be called after each change of the deadlines, or of who waits for them. */
  follow(nowMs: number): void {
    const { nextDeadlineMs } = this.#deadlines
    if (nextDeadlineMs < this.#firesAtMs) this.#arm(nextDeadlineMs, nowMs)
    if (this.#isAwaited !== undefined) this.#keepAlive(this.#isAwaited())
  }

  /** Stops the timer until {@link follow} is called again. */
  rest(): void {
    if (this.#timer === undefined) return
    realTime.clearTimeout(this.#timer)
    this.#timer = undefined
    this.#firesAtMs = Number.POSITIVE_INFINITY
  }

  #keepAlive(isAwaited: boolean): void {
    if (isAwaited === this.#keepsAlive) return
    this.#keepsAlive = isAwaited
    if (isAwaited) this.#timer?.ref()
    else this.#timer?.unref()
  }

  #arm(deadlineMs: number, nowMs: number): void {
    realTime.clearTimeout(this.#timer)
    this.#firesAtMs = deadlineMs
    // Rounded up, because a timer that fires early would have to be armed again.
    const delayMs = Math.min(Math.max(Math.ceil(deadlineMs - nowMs), 1), MAX_DELAY_MS)
    this.#timer = realTime.setTimeout(() => {
      this.#timer = undefined
      this.#firesAtMs = Number.POSITIVE_INFINITY
      this.#deadlines.advance(monotonicNowMs())
      this.follow(monotonicNowMs())
    }, delayMs)
    if (!this.#keepsAlive) this.#timer.unref()
  }
}
