import { BoundedMap } from '../structures/bounded-map.ts'

/** A peer that closes sooner than this after a response did so for another cause than idleness. */
export const MIN_LEARNED_IDLE_MS = 250

/** The share of the observed time that is used: the next close may come a little sooner. */
const SHARE = 0.8

/** The factor by which a limit grows each time that it ended a connection before the peer did. */
const WIDENING = 1.05

/** The most origins that are remembered; the one learned from longest ago is forgotten first. */
const MAX_ORIGINS = 10_000

/**
 * The time that the peers of each origin leave a connection idle, learned from the connections that
 * they closed. A peer that closes right after a response, or after as many requests as it had
 * announced, counts requests, or stops: nothing is learned from that. A limit outlives the
 * connections that it was learned from.
 */
export class IdleLimits {
  readonly #limits: BoundedMap<string, number> = new BoundedMap(MAX_ORIGINS)

  /** The limit of the origin, in milliseconds; `undefined` where nothing has been learned. */
  limitOf(originKey: string): number | undefined {
    return this.#limits.get(originKey)
  }

  /** Learns that a peer closed a connection after this idle time. */
  learn(originKey: string, idleMs: number): void {
    if (idleMs < MIN_LEARNED_IDLE_MS) return
    const knownMs = this.limitOf(originKey) ?? Number.POSITIVE_INFINITY
    this.#limits.set(originKey, Math.min(knownMs, idleMs * SHARE))
  }

  /** Widens the limit: a connection reached it, and the peer had not closed it. */
  widen(originKey: string): void {
    const limitMs = this.#limits.get(originKey)
    if (limitMs !== undefined) this.#limits.set(originKey, limitMs * WIDENING)
  }
}
