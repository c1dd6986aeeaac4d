import { BoundedMap } from '../structures/bounded-map.ts'

/** So often in a row a peer may let a wait pass before it is taken for one that does not close. */
export const MAX_VAIN_WAITS = 3

/** One connection in so many is waited for nevertheless, because peers change. */
export const RETRY_EVERY = 16

/** How many origins are remembered; the one waited for in vain longest ago is forgotten first. */
const MAX_ORIGINS = 10_000

/**
 * Whether it is worth while to wait until the peers of an origin close: some announce that they will,
 * and leave it to the client for good, such as Node's server at `maxRequestsPerSocket`. What is known
 * of an origin outlives its connections.
 */
export class PeerHabits {
  /** Connections in a row that were waited for in vain, or not waited for because of that. */
  readonly #runs: BoundedMap<string, number> = new BoundedMap(MAX_ORIGINS)

  /** Whether to wait for the next connection of the origin. To be asked once for each. */
  shouldWait(originKey: string): boolean {
    const run = this.#runs.get(originKey) ?? 0
    if (run < MAX_VAIN_WAITS) return true
    this.#runs.set(originKey, run + 1)
    return (run - MAX_VAIN_WAITS) % RETRY_EVERY === RETRY_EVERY - 1
  }

  /** The peer has not closed in time. */
  waitedInVain(originKey: string): void {
    this.#runs.set(originKey, (this.#runs.get(originKey) ?? 0) + 1)
  }

  /** The peer has closed in time. */
  closed(originKey: string): void {
    this.#runs.delete(originKey)
  }
}
