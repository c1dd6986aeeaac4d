import type { Socket } from 'node:net'

/** Both ends of a connection. Each is `undefined` where there is no TCP socket that is connected. */
export interface SocketEndpoints {
  /** The own IP address. */
  readonly localAddress: string | undefined
  /** The own port. */
  readonly localPort: number | undefined
  /** The peer's IP address. */
  readonly remoteAddress: string | undefined
  /** The peer's port. */
  readonly remotePort: number | undefined
}

const NO_ENDPOINTS: SocketEndpoints = Object.freeze({
  localAddress: undefined,
  localPort: undefined,
  remoteAddress: undefined,
  remotePort: undefined,
})

/**
 * The addresses of a socket. One that is still connecting is not asked: Node would remember the
 * answer for good, although another attempt may succeed in its place.
 */
export const endpointsOf = (socket: Socket | undefined): SocketEndpoints => {
  if (socket === undefined || socket.connecting || socket.destroyed) return NO_ENDPOINTS
  const { localAddress, localPort, remoteAddress, remotePort } = socket
  return { localAddress, localPort, remoteAddress, remotePort }
}
