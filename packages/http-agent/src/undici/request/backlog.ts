import { ignore } from '../../driver/ignore.ts'
import { MAX_DELAY_MS, realTime } from '../../driver/real-time.ts'
import type { ClientTarget } from '../connection/client-target.ts'
import type { DispatchedRequest } from './dispatched-request.ts'

/**
 * Requests that wait for a place under the caps. While there are any, a timer keeps the process
 * alive: closing connections may hold the places, and they alone would let it end.
 */
export class Backlog {
  readonly #onEmpty: (target: ClientTarget) => void
  #size = 0
  #isDrainAwaited = false
  #keepAliveTimer: NodeJS.Timeout | undefined

  /**
   * @param onEmpty Called when no request waits any more, if a caller was told that requests have
   * to.
   */
  constructor(onEmpty: (target: ClientTarget) => void) {
    this.#onEmpty = onEmpty
  }

  /** @returns Whether the request waits for a place, and not for its dial. */
  letWait(request: DispatchedRequest): boolean {
    const isQueued = request.waiter?.dial === undefined
    if (isQueued && this.#size++ === 0)
      this.#keepAliveTimer = realTime.setTimeout(ignore, MAX_DELAY_MS)
    request.wait(isQueued)
    return isQueued
  }

  /** Records that a caller was told to wait, and expects a call of `onEmpty`. */
  awaitDrain(): void {
    this.#isDrainAwaited = true
  }

  /** Removes a request that waits no more. */
  leave(request: DispatchedRequest): void {
    if (!request.isQueued) return
    request.isQueued = false
    if (--this.#size > 0) return
    realTime.clearTimeout(this.#keepAliveTimer)
    if (!this.#isDrainAwaited) return
    this.#isDrainAwaited = false
    realTime.queueMicrotask(() => this.#onEmpty(request.target))
  }
}
