import { monotonicNowMs } from '../clock.ts'
import { realTime } from '../real-time.ts'
import type { SocketCarrier } from '../socket-carrier.ts'

/**
 * Sockets that may stay open for a while. With one wait for all, their deadlines come in the order in
 * which they began, and one timer serves them all. It keeps the process alive only where somebody
 * waits for their places: nothing else may.
 */
export class LingeringSockets {
  readonly #waitMs: number
  readonly #isAwaited: boolean
  readonly #onOver: (carrier: SocketCarrier) => void
  /** Sockets and the instants at which their wait ends, the first one first. */
  readonly #deadlines: Map<SocketCarrier, number> = new Map()
  #timer: NodeJS.Timeout | undefined

  /**
   * @param isAwaited Whether somebody waits for their places.
   * @param onOver Told of each socket whose wait is over.
   */
  constructor(waitMs: number, isAwaited: boolean, onOver: (carrier: SocketCarrier) => void) {
    this.#waitMs = waitMs
    this.#isAwaited = isAwaited
    this.#onOver = onOver
  }

  add(carrier: SocketCarrier): void {
    this.#deadlines.set(carrier, monotonicNowMs() + this.#waitMs)
    this.#timer ??= this.#arm(this.#waitMs)
  }

  has(carrier: SocketCarrier): boolean {
    return this.#deadlines.has(carrier)
  }

  delete(carrier: SocketCarrier): void {
    this.#deadlines.delete(carrier)
  }

  /** Ends every wait. */
  end(): void {
    for (const carrier of this.#deadlines.keys()) this.#over(carrier)
  }

  #over(carrier: SocketCarrier): void {
    this.#deadlines.delete(carrier)
    this.#onOver(carrier)
  }

  #arm(delayMs: number): NodeJS.Timeout {
    // Where the process was late itself, what has come meanwhile is read first.
    const timer = realTime.setTimeout(
      () => realTime.setImmediate(() => this.#endOverdue()),
      delayMs,
    )
    return this.#isAwaited ? timer : timer.unref()
  }

  #endOverdue(): void {
    this.#timer = undefined
    const nowMs = monotonicNowMs()
    for (const [carrier, deadlineMs] of this.#deadlines) {
      if (deadlineMs > nowMs) {
        this.#timer = this.#arm(Math.ceil(deadlineMs - nowMs))
        return
      }
      this.#over(carrier)
    }
  }
}
