/**
 * How many connections there may be. They may change at any time: more room is used with the next
 * call of the pool, whatever it is about, and less of it ends no connection.
 */
export interface Caps {
  /** Connections of one origin, from the start of the dial until the descriptor is gone. */
  readonly maxPerOrigin: number
  /** The same of all origins together. */
  readonly maxTotal: number
  /** Idle connections of one origin. */
  readonly maxIdlePerOrigin: number
}
