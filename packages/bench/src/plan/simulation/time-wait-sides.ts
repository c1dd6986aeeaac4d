import type { CloseMethod } from '@holdfast/core/tcp'

/** What decides where TIME_WAIT stays, all by the clock of the simulation. */
export interface Ending {
  readonly method: CloseMethod
  /** When the client ends the connection. */
  readonly atMs: number
  /** When the server does; Infinity where it has no reason to. */
  readonly serverAtMs: number
  /** How long either FIN is on its way. */
  readonly halfTripMs: number
}

/** Whoever sends the first FIN keeps TIME_WAIT; both do where their FINs cross; a reset leaves none. */
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
