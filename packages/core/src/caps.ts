/** How many connections there may be. Read whenever it matters, so it may change at any time. */
export interface Caps {
  /** Connections of one origin, from the start of the dial until the descriptor is gone. */
  readonly maxPerOrigin: number
  /** The same of all origins together. */
  readonly maxTotal: number
  /** Idle connections of one origin. */
  readonly maxIdlePerOrigin: number
}
