/**
 * Limits on the number of connections. They may change at any time: the next call of the pool uses
 * a raised limit; a lowered one ends no connection.
 */
export interface Caps {
  /** Connections of one origin, from the start of the dial until the descriptor is gone. */
  readonly maxPerOrigin: number
  /** Connections of all origins together, counted the same way. */
  readonly maxTotal: number
  /** Idle connections of one origin. */
  readonly maxIdlePerOrigin: number
}
