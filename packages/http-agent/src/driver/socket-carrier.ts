import type { Socket } from 'node:net'

/** What the driver looks at of whatever carries the bytes of a connection. */
export interface SocketCarrier {
  /** `undefined` while there is none yet. */
  readonly socket: Socket | undefined
}
