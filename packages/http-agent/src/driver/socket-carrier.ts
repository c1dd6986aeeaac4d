import type { Socket } from 'node:net'
import type { Destination, SocketObservation } from '@holdfast/core/tcp'

/** Who waits for a peer to close first. */
export interface LingerListener {
  /** The peer has closed. */
  readonly onEnd: () => void
  /** The peer sends what nobody asked for. */
  readonly onStray: () => void
}

/** What the driver looks at of whatever carries the bytes of a connection. */
export interface SocketCarrier {
  /** `undefined` while there is none yet. */
  readonly socket: Socket | undefined
  /** Whether its last response is complete. */
  readonly isServed: boolean
  /** Whether more may have come with its last response than was read so far. */
  readonly mayHoldMore: boolean
  /** The turn of the event loop in which the connection became idle last. Written by the driver alone. */
  idleTurn: number
  /** Whose port an open connection holds. Written by the driver alone. */
  destination: Destination | undefined
  /** What ended the connection, where the socket itself does not tell. Written by the driver alone. */
  ending: SocketObservation | undefined
  /** Ends what listens to the socket on behalf of requests, which is about to close. */
  readonly silence: () => Socket
  /** Reads on until the peer closes the socket, which serves no request any more. */
  readonly linger: (listener: LingerListener) => void
}
