import type { CloseMethod } from '@holdfast/core/tcp'

/** Facts that decide which side keeps TIME_WAIT, by the clock of the simulation. */
export interface Ending {
  readonly method: CloseMethod
  /** Instant at which the client ends the connection. */
  readonly atMs: number
  /** Instant at which the server does; Infinity where it has no reason to. */
  readonly serverAtMs: number
  /** Time that either FIN takes to the other side. */
  readonly halfTripMs: number
}

/**
 * Sides that keep TIME_WAIT: the sender of the first FIN, or both where their FINs cross; a reset
 * leaves none.
 */
export function timeWaitSides({ method, atMs, serverAtMs, halfTripMs }: Ending): {
  readonly client: boolean
  readonly upstream: boolean
} {
  if (method === 'reset') return { client: false, upstream: false }
  return {
    client: atMs < serverAtMs + halfTripMs,
    upstream: serverAtMs <= atMs + halfTripMs,
  }
}
