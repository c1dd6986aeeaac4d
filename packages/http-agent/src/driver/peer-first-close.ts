import type { Socket } from 'node:net'
import { LingeringSockets } from './lingering-sockets.ts'

/** How long a peer may take to close where a request is queued that needs the place, at the most. */
const HURRIED_WAIT_MS = 50

/** Closes sockets that have served their last request, after their peers have. */
export class PeerFirstClose {
  readonly #lingering: LingeringSockets
  /** Those whose place is wanted meanwhile. */
  readonly #hurried: LingeringSockets

  constructor(peerCloseWaitMs: number) {
    this.#lingering = new LingeringSockets(peerCloseWaitMs)
    this.#hurried = new LingeringSockets(Math.min(peerCloseWaitMs, HURRIED_WAIT_MS))
  }

  /** Closes the socket after its peer has, or once `peerCloseWaitMs` is over. */
  close(socket: Socket, isPlaceWanted: boolean): void {
    if (isPlaceWanted) this.#hurried.add(socket)
    else this.#lingering.add(socket)
  }

  /** Ends every wait. */
  destroy(): void {
    this.#lingering.close()
    this.#hurried.close()
  }
}
