import type { Socket } from 'node:net'

/** What Node's documentation leaves out: a stream in libuv, or TLS on one. */
interface Handle {
  /** TLS only: the handle that TLS stands on. */
  readonly _parent?: Handle | null
  readonly bytesRead?: number
  /** What is still in {@link writeQueueSize} included. */
  readonly bytesWritten?: number
  /** What the system has not taken yet. */
  readonly writeQueueSize?: number
}

interface HandleOwner {
  readonly _handle?: Handle | null
}

/**
 * How many bytes the system has taken from a socket and given to it. Node's own counts say of a large write
 * only that it has begun, and later that it is over; how it gets on, the handle tells, which Node's time-out
 * of sockets looks at, too. `undefined` for a stream that counts nothing.
 */
export const bytesPassed = (socket: Socket): number | undefined => {
  const handle = (socket as HandleOwner)._handle
  const { bytesRead, bytesWritten, writeQueueSize = 0 } = handle?._parent ?? handle ?? {}
  if (bytesRead === undefined || bytesWritten === undefined) return undefined
  return bytesRead + bytesWritten - writeQueueSize
}
