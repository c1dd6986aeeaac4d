import { ignore } from '../../driver/ignore.ts'
import { MAX_DELAY_MS, realTime } from '../../driver/real-time.ts'
import type { ClientTarget } from '../connection/client-target.ts'
import type { DispatchedRequest } from './dispatched-request.ts'

/**
 * Requests that wait for want of a place. While there are any the process stays alive: the places may
 * be held by connections that are about to close, and these alone would let it end.
 */
export class Backlog {
  readonly #onEmpty: (target: ClientTarget) => void
  #size = 0
  #isDrainAwaited = false
  #keepAliveTimer: NodeJS.Timeout | undefined

  /** @param onEmpty Told when nobody waits any more, if somebody was told that requests have to. */
  constructor(onEmpty: (target: ClientTarget) => void) {
    this.#onEmpty = onEmpty
  }

  /** @returns Whether the request waits for want of a place, rather than for its dial. */
  letWait(request: DispatchedRequest): boolean {
    const isQueued = request.waiter?.dial === undefined
    if (isQueued && this.#size++ === 0)
      this.#keepAliveTimer = realTime.setTimeout(ignore, MAX_DELAY_MS)
    request.wait(isQueued)
    return isQueued
  }

  /** The caller was told that a request has to wait, and wants to hear when none does. */
  awaitDrain(): void {
    this.#isDrainAwaited = true
  }

  /** The request waits no more. */
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
