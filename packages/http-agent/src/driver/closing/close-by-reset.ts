import type { Socket } from 'node:net'

/** The part of a socket in libuv that Node's documentation leaves out. */
interface Handle {
  /** TLS only: the handle that TLS stands on. */
  readonly _parent?: Handle | null
  readonly close: (callback?: () => void) => void
  /** TCP only: closes by RST. */
  readonly reset?: (callback?: () => void) => number
}

interface TcpHandle extends Handle {
  readonly reset: (callback?: () => void) => number
}

const tcpHandleOf = (socket: Socket): TcpHandle | undefined => {
  let { _handle: handle } = socket as { readonly _handle?: Handle | null }
  while (handle?._parent) handle = handle._parent
  return typeof handle?.reset === 'function' ? (handle as TcpHandle) : undefined
}

function resetInstead(this: TcpHandle, callback?: () => void): void {
  // libuv refuses where a FIN is on its way already.
  if (this.reset(callback) !== 0) Object.getPrototypeOf(this).close.call(this, callback)
}

/**
 * Destroys a socket by RST, which leaves TIME_WAIT to neither side. `resetAndDestroy` of Node throws
 * for TLS, whose handle stands on one of TCP, and leaves a socket without its `close` event where
 * libuv refuses. So it is the last step alone, the close of that handle, that is exchanged here:
 * whoever made the socket, and with whatever options, it ends as any other.
 *
 * @returns Whether it stands on TCP; any other stream is left as it is.
 */
export const closeByReset = (socket: Socket): boolean => {
  const handle = tcpHandleOf(socket)
  if (handle === undefined) return false
  Object.defineProperty(handle, 'close', { value: resetInstead, configurable: true })
  socket.destroy()
  return true
}
