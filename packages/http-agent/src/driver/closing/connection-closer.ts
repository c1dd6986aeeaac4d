import type { Socket } from 'node:net'
import type { CloseReason, Connection, ResolvedPolicy } from '@holdfast/core'
import { type CloseMethod, closeMethodFor } from '@holdfast/core/tcp'
import { peekSocket } from '../liveness/stale-check.ts'
import type { SocketCarrier } from '../socket-carrier.ts'
import { closeByReset } from './close-by-reset.ts'
import { PeerFirstClose } from './peer-first-close.ts'
import { endingSeen } from './socket-ending.ts'

/** Whether nothing is under way in the stream, as far as that knows. */
const isCalm = (socket: Socket): boolean =>
  !(socket.connecting || socket.writableEnded) &&
  socket.writableLength === 0 &&
  socket.readableLength === 0

/** Closes connections as `closeMode` asks for, and as the ports of their destination allow. */
export class ConnectionCloser {
  readonly #mode: ResolvedPolicy['closeMode']
  readonly #peerFirst: PeerFirstClose

  constructor({ closeMode, peerCloseWaitMs }: ResolvedPolicy) {
    this.#mode = closeMode
    this.#peerFirst = new PeerFirstClose(peerCloseWaitMs, (carrier) => {
      this.#end(carrier, this.#methodFor(carrier, 'response_close', true, false))
    })
  }

  /**
   * Closes a connection that has a socket.
   *
   * @param isUnused Whether no request is in progress on it.
   * @param isPlaceWanted Whether a request is queued that its place would let dial.
   */
  close(
    { transport: carrier, origin }: Connection<SocketCarrier, unknown>,
    reason: CloseReason,
    isUnused: boolean,
    isPlaceWanted: boolean,
  ): void {
    if (carrier?.socket === undefined) return
    const method = this.#methodFor(carrier, reason, isUnused, carrier.isServed)
    if (method === 'await_peer') this.#peerFirst.close(carrier, origin, isPlaceWanted)
    else this.#end(carrier, method)
  }

  /** A request is queued for a place of the origin. */
  hurry(originKey: string): void {
    this.#peerFirst.hurry(originKey)
  }

  /** A request is queued for any place. */
  hurryAll(): void {
    this.#peerFirst.hurryAll()
  }

  /** Ends every wait for a peer. */
  destroy(): void {
    this.#peerFirst.destroy()
  }

  #methodFor(
    { socket, destination }: SocketCarrier,
    reason: CloseReason,
    isUnused: boolean,
    isServed: boolean,
  ): CloseMethod {
    return closeMethodFor(this.#mode, {
      reason,
      isServed,
      isQuiescent: isUnused && isCalm(socket as Socket),
      arePortsScarce: destination?.isNearlyExhausted === true,
    })
  }

  #end(carrier: SocketCarrier, method: CloseMethod): void {
    const socket = carrier.silence()
    const seen = peekSocket(socket)
    if (seen !== undefined) carrier.ending = endingSeen(seen)
    else if (!socket.destroyed) {
      carrier.ending = method === 'reset' && closeByReset(socket) ? 'reset_sent' : 'closed'
    }
    socket.destroy()
  }
}
