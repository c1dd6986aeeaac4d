import type { Socket } from 'node:net'

interface HandleOwner {
  /** What Node's documentation leaves out: the socket in libuv. */
  readonly _handle?: { readonly fd?: number } | null
}

/** The descriptor of a socket, or `undefined` where it has none that can be read. */
export const descriptorOf = (socket: Socket): number | undefined => {
  const descriptor = (socket as HandleOwner)._handle?.fd
  return descriptor === undefined || descriptor < 0 ? undefined : descriptor
}
