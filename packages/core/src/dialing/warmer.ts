import type { CloseReason } from '../connection/close-reason.ts'
import type { Connection, ConnectionOrigin } from '../connection/connection.ts'
import type { Registry } from '../connection/registry.ts'
import { InvalidArgumentError } from '../errors.ts'
import { type Bounds, describeBounds } from '../options/bounds.ts'
import type { Caps } from '../options/caps.ts'
import type { PoolOptions } from '../options/pool-options.ts'
import { LIMITS } from '../policies/limits.ts'
import type { PoolParts } from '../pool-parts.ts'
import type { PoolRequest } from '../request/pool-request.ts'
import { LinkedList } from '../structures/linked-list.ts'
import { type DialPauses, isLoss } from './dial-pauses.ts'
import type { DialScheduler } from './dial-scheduler.ts'
import type { Dialer } from './dialer.ts'

const COUNT: Bounds = LIMITS.minIdlePerOrigin

/**
 * Dials ahead of requests: up to `minIdlePerOrigin` for every origin that was used within the idle
 * time-out, and the connections that `warm` asks for. It takes only places that no request waits
 * for, and closes no idle connection. An origin without connections is forgotten, and kept warm
 * again from its next request on.
 */
export class Warmer<Transport, Request extends PoolRequest> {
  readonly #minIdlePerOrigin: number
  readonly #idleTimeoutMs: number
  readonly #caps: Caps
  readonly #registry: Registry<Transport, Request>
  readonly #dialScheduler: DialScheduler<Transport, Request>
  readonly #dialer: Dialer<Transport, Request>
  readonly #pauses: DialPauses | undefined
  /** Origins that lack nothing but a place under the total cap. */
  readonly #cold: LinkedList<ConnectionOrigin<Transport, Request>> = new LinkedList()
  #isStopped = false

  constructor(
    { policy, caps }: PoolOptions<Transport, Request>,
    { dialer, pauses, registry, dialScheduler }: PoolParts<Transport, Request>,
  ) {
    this.#minIdlePerOrigin = policy.minIdlePerOrigin
    this.#idleTimeoutMs = policy.idleTimeoutMs
    this.#registry = registry
    this.#caps = caps
    this.#dialScheduler = dialScheduler
    this.#dialer = dialer
    this.#pauses = pauses
  }

  /** The end of the first pause. */
  get nextDeadlineMs(): number {
    return this.#pauses?.nextDeadlineMs ?? Number.POSITIVE_INFINITY
  }

  /** Dials until `count` connections are idle or being dialled. Returns the number of dials. */
  warm(origin: ConnectionOrigin<Transport, Request>, count: number, nowMs: number): number {
    if (this.#isStopped) return 0
    const missing = Math.max(0, count - origin.aheadCount)
    origin.warmDialsLeft = Math.min(
      missing,
      this.#dialScheduler.spaceOf(origin),
      this.#idleSpaceOf(origin),
    )
    const dialCount = origin.warmDialsLeft
    this.fill(origin, nowMs)
    return dialCount
  }

  /** Records that a request has got a connection of the origin. */
  use(origin: ConnectionOrigin<Transport, Request>, nowMs: number): void {
    origin.lastUsedMs = nowMs
    this.fill(origin, nowMs)
  }

  /** Begins the dials that the origin lacks, as far as the caps allow. */
  fill(origin: ConnectionOrigin<Transport, Request>, nowMs: number): void {
    while (this.#lacks(origin, nowMs) && this.#dialScheduler.hasRoom(origin)) {
      // An effect that called back may have ended it.
      if (!this.#registry.knows(origin)) return
      if (!this.#dialScheduler.hasFreePlace) {
        if (origin.coldLink.list === undefined) this.#cold.push(origin.coldLink)
        return
      }
      if (origin.warmDialsLeft > 0) origin.warmDialsLeft--
      this.#dialer.dialAhead(origin, nowMs)
    }
  }

  /** Dials for origins that lacked a place under the total cap, and now have one. */
  resume(nowMs: number): void {
    while (this.#cold.first !== undefined && this.#dialScheduler.hasFreePlace) {
      this.fill(this.#cold.shift() as ConnectionOrigin<Transport, Request>, nowMs)
    }
  }

  /** Dials for origins whose pause is over. */
  wake(nowMs: number): void {
    while (true) {
      const originKey = this.#pauses?.takeOver(nowMs)
      if (originKey === undefined) return
      const origin = this.#registry.origins.get(originKey)
      if (origin !== undefined) this.fill(origin, nowMs)
    }
  }

  /** Pauses the origin after a failed dial: a further one would probably fail, too. */
  backOff(origin: ConnectionOrigin<Transport, Request>, nowMs: number): void {
    origin.warmDialsLeft = 0
    this.#pauses?.begin(origin.key, nowMs)
  }

  /**
   * Pauses the origin where the lost connection was dialled ahead and its first request was on it.
   */
  lost(connection: Connection<Transport, Request>, nowMs: number): void {
    const { closeReason, origin } = connection
    if (isUntried(connection) && isLoss(closeReason as CloseReason)) {
      this.#pauses?.begin(origin.key, nowMs)
    }
  }

  /** Ends the pauses of the origin: its connection has served a request. */
  proved(connection: Connection<Transport, Request>): void {
    if (isUntried(connection)) this.#pauses?.end(connection.origin.key)
  }

  /** Forgets an origin that is gone. */
  forget(origin: ConnectionOrigin<Transport, Request>): void {
    if (origin.coldLink.list !== undefined) this.#cold.remove(origin.coldLink)
  }

  /** Stops keeping origins warm, each until a request uses it again. O(origins). */
  stopWarming(): void {
    this.#pauses?.clear()
    for (const origin of this.#registry.origins.values()) {
      origin.warmDialsLeft = 0
      origin.lastUsedMs = undefined
    }
  }

  /** Stops all dials ahead, for good. */
  stop(): void {
    this.#isStopped = true
    this.#pauses?.clear()
  }

  #lacks(origin: ConnectionOrigin<Transport, Request>, nowMs: number): boolean {
    const isAsked = origin.warmDialsLeft > 0 || origin.aheadCount < this.#minIdlePerOrigin
    if (!isAsked || this.#isStopped || this.#idleSpaceOf(origin) === 0) return false
    if (origin.warmDialsLeft > 0) return true
    const { key, lastUsedMs } = origin
    if (lastUsedMs === undefined || nowMs >= lastUsedMs + this.#idleTimeoutMs) return false
    return this.#pauses?.isPaused(key) === false
  }

  /** Counts the further connections of the origin that may become idle. */
  #idleSpaceOf(origin: ConnectionOrigin<Transport, Request>): number {
    return Math.max(0, this.#caps.maxIdlePerOrigin - origin.aheadCount)
  }
}

/** Whether the present or last request is the first one on a connection that was dialled ahead. */
const isUntried = <Transport, Request>({
  hasBeenIdle,
  requestCount,
}: Connection<Transport, Request>): boolean => requestCount === 1 && hasBeenIdle

/** @throws InvalidArgumentError where the count is out of bounds. */
export const checkWarmCount = (count: number): void => {
  if (Number.isInteger(count) && count >= COUNT.min && count <= COUNT.max) return
  throw new InvalidArgumentError('count', count, describeBounds(COUNT))
}
