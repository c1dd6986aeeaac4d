import type { Socket } from 'node:net'
import type { CloseReason, ResolvedPolicy } from '@holdfast/core'
import { type CloseMethod, closeMethodFor } from '@holdfast/core/tcp'
import { peekSocket } from '../liveness/stale-check.ts'
import type { SocketCarrier } from '../socket-carrier.ts'
import { closeByReset } from './close-by-reset.ts'
import { endingSeen } from './socket-ending.ts'

/** Whether nothing is in progress in the stream. */
const isCalm = (socket: Socket): boolean =>
  !(socket.connecting || socket.writableEnded) &&
  socket.writableLength === 0 &&
  socket.readableLength === 0

/** Closes connections as `closeMode` asks for, and as the ports of their destination allow. */
export class ConnectionCloser {
  readonly #mode: ResolvedPolicy['closeMode']

  constructor({ closeMode }: ResolvedPolicy) {
    this.#mode = closeMode
  }

  /** Whether the peer of a connection that is about to close is expected to close it first. */
  mayLinger(carrier: SocketCarrier | undefined, reason: CloseReason): boolean {
    if (carrier?.socket === undefined || carrier.socket.readableEnded) return false
    return this.#methodFor(carrier, reason, true, carrier.isServed) === 'await_peer'
  }

  /** Reads on until the peer closes or sends unrequested bytes. */
  linger(carrier: SocketCarrier): void {
    const { socket } = carrier
    carrier.linger()
    // A stream that is no socket of Node's may have no `unref`.
    ;(socket as Partial<Socket>).unref?.call(socket)
  }

  /**
   * Closes a connection that has a socket.
   *
   * @param isUnused Whether no request is in progress on it.
   */
  close(carrier: SocketCarrier | undefined, reason: CloseReason, isUnused: boolean): void {
    if (carrier?.socket === undefined) return
    const method = this.#methodFor(carrier, reason, isUnused, false)
    const socket = carrier.silence()
    const seen = socket.readableEnded ? 'peer_fin' : peekSocket(socket)
    if (seen !== undefined) carrier.ending = endingSeen(seen)
    else if (!socket.destroyed) {
      carrier.ending = method === 'reset' && closeByReset(socket) ? 'reset_sent' : 'closed'
    }
    socket.destroy()
  }

  /** @param isServed Whether its peer knows that it has served its last request, and has the time to close. */
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
}
