import { monotonicNowMs } from './clock.ts'
import { MAX_DELAY_MS, realTime } from './real-time.ts'

/** What has deadlines: the pool. */
interface Deadlines {
  readonly nextDeadlineMs: number
  readonly advance: (nowMs: number) => void
}

/**
 * The one timer of a pool. It keeps the process alive only while somebody waits for it. A deadline
 * that moves back is noticed when the timer fires, one that moves forward by {@link follow}.
 */
export class DeadlineTimer {
  readonly #deadlines: Deadlines
  readonly #isAwaited: (() => boolean) | undefined
  #timer: NodeJS.Timeout | undefined
  #firesAtMs = Number.POSITIVE_INFINITY
  #keepsAlive = false

  /** @param isAwaited Whether somebody waits for a deadline; left out, nobody ever does. */
  constructor(deadlines: Deadlines, isAwaited?: () => boolean) {
    this.#deadlines = deadlines
    this.#isAwaited = isAwaited
  }

  /** To be called after whatever may have changed the deadlines, or who waits for them. */
  follow(nowMs: number): void {
    const { nextDeadlineMs } = this.#deadlines
    if (nextDeadlineMs < this.#firesAtMs) this.#arm(nextDeadlineMs, nowMs)
    if (this.#isAwaited !== undefined) this.#keepAlive(this.#isAwaited())
  }

  /** There is nothing to wait for until {@link follow} is called again, and nothing is held meanwhile. */
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
