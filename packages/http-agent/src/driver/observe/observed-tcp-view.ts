import type { Socket } from 'node:net'
import { type SocketObservation, TcpTracker, type TcpView } from '@holdfast/core/tcp'
import { isReset } from '../closing/is-reset.ts'
import { descriptorOf } from '../socket-handle.ts'

/** The observations of a socket so far, in the order in which they must have happened. */
function* observationsOf(socket: Socket): Generator<SocketObservation, void> {
  const { connecting, destroyed, errored } = socket
  // Where the name is still being looked up there is no descriptor yet.
  if (connecting && descriptorOf(socket) === undefined) return
  yield 'connect_called'
  if (!connecting) yield 'connected'
  if (socket.readableEnded) yield 'fin_read'
  // A pool never ends a socket half, so that the peer's FIN came first where both were sent.
  if (socket.writableFinished) yield 'fin_sent'
  if (isReset(errored)) yield 'reset_received'
  if (destroyed) yield 'closed'
}

/**
 * What the process can know of the TCP state of a socket, derived when it is asked for, so that a
 * connection carries nothing for it. `undefined` where there is no TCP socket.
 */
export const observedTcpView = (socket: Socket | undefined): TcpView | undefined => {
  if (socket === undefined || isLocal(socket)) return undefined
  const tracker = new TcpTracker()
  for (const observation of observationsOf(socket)) tracker.observe(observation)
  return tracker.view
}

/** Whether the socket is open and has no TCP address: a pipe, a unix socket, or no socket at all. */
const isLocal = (socket: Socket): boolean =>
  !(socket.connecting || socket.destroyed) && socket.localFamily === undefined
