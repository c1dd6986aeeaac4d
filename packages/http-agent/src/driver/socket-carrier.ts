import type { Socket } from 'node:net'
import type { Destination, SocketObservation } from '@holdfast/core/tcp'

/** What the driver looks at of whatever carries the bytes of a connection. */
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
  /** Whose port an open connection holds. Written by the driver alone. */
  destination: Destination | undefined
  /** What ended the connection, where the socket itself does not tell. Written by the driver alone. */
  ending: SocketObservation | undefined
  /** Ends what listens to the socket on behalf of requests, which is about to close. */
  readonly silence: () => Socket
  /**
   * Reads on from the socket, which serves no request any more, and tells the pool once the peer closes it
   * or sends what nobody asked for.
   */
  readonly linger: () => void
}
