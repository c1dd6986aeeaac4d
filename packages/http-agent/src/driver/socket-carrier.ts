import type { Socket } from 'node:net'
import type { Destination, SocketObservation } from '@holdfast/core/tcp'

/** The part of a connection's transport that the driver uses. */
export interface SocketCarrier {
  /** `undefined` while there is none yet. */
  readonly socket: Socket | undefined
  /** Whether its last response is complete. */
  readonly isServed: boolean
  /** Whether more may have come with its last response than was read so far. */
  readonly mayHoldMore: boolean
  /**
   * Whether a request that gets the socket right after another one can be kept back until the event loop
   * has read once more: always, because its client does so; where that is asked for; or never.
   */
  readonly keepsBack: 'always' | 'asked' | 'never'
  /** The turn of the event loop in which the connection became idle last. Written by the driver alone. */
  idleTurn: number
  /** The destination whose port an open connection holds. Written by the driver alone. */
  destination: Destination | undefined
  /** The end of the connection, if the socket itself does not tell it. Written by the driver alone. */
  ending: SocketObservation | undefined
  /** Removes the listeners that serve requests from a socket that is about to close. */
  readonly silence: () => Socket
  /**
   * Reads on from the socket, which serves no request any more, and tells the pool once the peer closes it
   * or sends what nobody asked for.
   */
  readonly linger: () => void
}
