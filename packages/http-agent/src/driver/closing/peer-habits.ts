/** So often in a row a peer may let a wait pass before it is taken for one that does not close. */
const MAX_VAIN_WAITS = 3
/** One connection in so many is waited for nevertheless, because peers change. */
const RETRY_EVERY = 16

/**
 * Whether it is worth while to wait until the peers of an origin close: some announce that they will,
 * and leave it to the client for good, such as Node's server at `maxRequestsPerSocket`.
 */
export class PeerHabits {
  /** Connections in a row that were waited for in vain, or not waited for because of that. */
  readonly #runs: WeakMap<object, number> = new WeakMap()

  /** Whether to wait for the next connection of the origin. To be asked once for each. */
  deserveWait(origin: object): boolean {
    const run = this.#runs.get(origin) ?? 0
    if (run < MAX_VAIN_WAITS) return true
    this.#runs.set(origin, run + 1)
    return (run - MAX_VAIN_WAITS) % RETRY_EVERY === RETRY_EVERY - 1
  }

  /** The peer has not closed in time. */
  waitedInVain(origin: object): void {
    this.#runs.set(origin, (this.#runs.get(origin) ?? 0) + 1)
  }

  /** The peer has closed in time. */
  closed(origin: object): void {
    this.#runs.delete(origin)
  }
}
