import type { CloseMethod } from '@holdfast/core'

/** What decides where TIME_WAIT stays, all by the clock of the simulation. */
export interface Ending {
  readonly method: CloseMethod
  /** When the client ends the connection. */
  readonly atMs: number
  /** When the server does; Infinity where it has no reason to. */
  readonly serverAtMs: number
  /** How long either FIN is on its way. */
  readonly halfTripMs: number
  /** The client destroys its socket with the last response, without a look at the server's FIN. */
  readonly isHasty: boolean
}

/** Whoever sends the first FIN keeps TIME_WAIT; both do where their FINs cross; a reset leaves none. */
export function timeWaitSides({ method, atMs, serverAtMs, halfTripMs, isHasty }: Ending): {
  readonly client: boolean
  readonly upstream: boolean
} {
  if (method === 'reset') return { client: false, upstream: false }
  // The server's FIN and the end of the last response come together: hurry wins, at the worst.
  if (isHasty) return { client: true, upstream: false }
  return {
    client: atMs < serverAtMs + halfTripMs,
    upstream: serverAtMs <= atMs + halfTripMs,
  }
}
