import type { Socket } from 'node:net'

interface PeerName {
  readonly address?: string
  readonly port?: number
}

interface HandleOwner {
  /** What Node's documentation leaves out: the socket in libuv. */
  readonly _handle?: { readonly getpeername?: (out: PeerName) => number } | null
}

/**
 * The address and port that a connected TCP socket leads to; `undefined` for any other stream. It is
 * asked of the handle, because the socket itself would keep the answer for life.
 */
export const destinationOf = (socket: Socket): string | undefined => {
  const peer: PeerName = {}
  const result = (socket as HandleOwner)._handle?.getpeername?.(peer)
  return result === 0 && peer.port !== undefined ? `${peer.address}:${peer.port}` : undefined
}
