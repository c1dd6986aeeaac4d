import { BoundedMap } from '../structures/bounded-map.ts'

/**
 * The number of waits in a row without a close after which a peer counts as one that does not
 * close.
 */
export const MAX_VAIN_WAITS = 3

/** One connection in this many is waited for nevertheless, because peers change. */
export const RETRY_EVERY = 16

/**
 * The most origins that are remembered; the one whose wait failed longest ago is forgotten first.
 */
const MAX_ORIGINS = 10_000

/**
 * Habits of peers: some announce a close and then leave it to the client, such as Node's server at
 * `maxRequestsPerSocket`. The habits of an origin outlive its connections.
 */
export class PeerHabits {
  /**
   * Connections in a row whose peer did not close in time, or that were not waited for because of
   * that.
   */
  readonly #runs: BoundedMap<string, number> = new BoundedMap(MAX_ORIGINS)

  /** Whether to wait for the next connection of the origin. Called once for each. */
  shouldWait(originKey: string): boolean {
    const run = this.#runs.get(originKey) ?? 0
    if (run < MAX_VAIN_WAITS) return true
    this.#runs.set(originKey, run + 1)
    return (run - MAX_VAIN_WAITS) % RETRY_EVERY === RETRY_EVERY - 1
  }

  /** Records that the peer has not closed in time. */
  waitedInVain(originKey: string): void {
    this.#runs.set(originKey, (this.#runs.get(originKey) ?? 0) + 1)
  }

  /** Records that the peer has closed in time. */
  closed(originKey: string): void {
    this.#runs.delete(originKey)
  }
}
