import { type Bounds, describeBounds } from './bounds.ts'
import type { Caps } from './caps.ts'
import type { ConnectionOrigin } from './connection.ts'
import type { Dialer } from './dialer.ts'
import { InvalidArgumentError } from './errors.ts'
import { LIMITS } from './policies/limits.ts'
import type { Turns } from './turns.ts'

const COUNT: Bounds = LIMITS.minIdlePerOrigin

/**
 * Dials ahead, for requests that may come. It only ever takes places that nobody waits for, and makes
 * no idle connection give way.
 */
export class Warmer<Transport, Request> {
  readonly #caps: Caps
  readonly #turns: Turns<Transport, Request>
  readonly #dialer: Dialer<Transport, Request>

  constructor(caps: Caps, turns: Turns<Transport, Request>, dialer: Dialer<Transport, Request>) {
    this.#caps = caps
    this.#turns = turns
    this.#dialer = dialer
  }

  /** Dials until `count` connections are idle or on their way. Returns how many dials that takes. */
  warm(origin: ConnectionOrigin<Transport, Request>, count: number, nowMs: number): number {
    const missing = Math.max(0, count - origin.aheadCount)
    origin.warmDialsLeft = Math.min(missing, this.#turns.spaceOf(origin), this.#idleSpaceOf(origin))
    const dialCount = origin.warmDialsLeft
    this.fill(origin, nowMs)
    return dialCount
  }

  /** Begins dials that were asked for and have not begun yet. */
  fill(origin: ConnectionOrigin<Transport, Request>, nowMs: number): void {
    while (origin.warmDialsLeft > 0 && this.#mayDial(origin)) {
      origin.warmDialsLeft--
      this.#dialer.dialAhead(origin, nowMs)
    }
  }

  /** A dial of the origin has failed: a further one would mostly do so, too. */
  giveUp(origin: ConnectionOrigin<Transport, Request>): void {
    origin.warmDialsLeft = 0
  }

  #mayDial(origin: ConnectionOrigin<Transport, Request>): boolean {
    return (
      this.#turns.hasRoom(origin) &&
      this.#turns.spaceOf(origin) > 0 &&
      this.#idleSpaceOf(origin) > 0
    )
  }

  /** How many more of its connections may become idle. */
  #idleSpaceOf(origin: ConnectionOrigin<Transport, Request>): number {
    return Math.max(0, this.#caps.maxIdlePerOrigin - origin.aheadCount)
  }
}

/** @throws InvalidArgumentError where the count is out of bounds. */
export const checkWarmCount = (count: number): void => {
  if (Number.isInteger(count) && count >= COUNT.min && count <= COUNT.max) return
  throw new InvalidArgumentError('count', count, describeBounds(COUNT))
}
