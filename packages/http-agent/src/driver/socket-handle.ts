import type { Socket } from 'node:net'

/*
 * Everything that the driver does with the handle of a socket, which Node's documentation leaves out.
 * The agents have further touch points, in `node/internals/`. Of the comments here and there, with the tags
 * `@why` and `@instead`, `docs/node-internals.md` is made.
 */

/** A stream in libuv, or TLS on one. */
export interface SocketHandle {
  /**
   * TLS only: the handle that TLS stands on.
   *
   * @why TLS on TCP is closed by RST, and counted, by the handle of TCP. `resetAndDestroy()` throws for TLS.
   * @instead `tlsSocket.resetAndDestroy()` that works, and byte counts of the transport.
   */
  readonly _parent?: SocketHandle | null
  /**
   * The descriptor; -1 on Windows.
   *
   * @why A read of it without waiting shows that the peer has closed before the event loop does.
   * @instead `socket.peek()`, or any look at a socket that does not wait for the loop.
   */
  readonly fd?: number
  /**
   * Bytes that came, those of TLS records that are not decrypted yet included.
   *
   * @why `socket.bytesRead` counts what was decrypted. Bytes that came before a request was sent are no response.
   * @instead `socket.transportBytesRead`.
   */
  readonly bytesRead?: number
  /**
   * Bytes handed to the handle, those of {@link writeQueueSize} included.
   *
   * @why `socket.bytesWritten` also counts what waits in the stream of the socket.
   * @instead `socket.transportBytesWritten`.
   */
  readonly bytesWritten?: number
  /**
   * Bytes that the system has not taken yet.
   *
   * @why It tells a large write that gets on from one that is stuck.
   * @instead `socket.transportBytesWritten`, without what is queued.
   */
  readonly writeQueueSize?: number
  /**
   * Closes by FIN. It is replaced on the handle by {@link reset}.
   *
   * @why `socket.destroy()` ends by it for every socket, so that each can end by RST.
   * @instead `tlsSocket.resetAndDestroy()` that works.
   */
  readonly close?: (callback?: () => void) => void
  /**
   * TCP only: closes by RST. Where a FIN is on its way it fails, and the handle never closes.
   *
   * @why `resetAndDestroy()` throws for TLS.
   * @instead `tlsSocket.resetAndDestroy()` that works.
   */
  readonly reset?: (callback?: () => void) => number
  /**
   * Writes the peer's address into an object.
   *
   * @why `socket.remoteAddress` keeps its answer in the socket for life.
   * @instead `socket.remoteAddress` that keeps nothing.
   */
  readonly getpeername?: (out: PeerName) => number
}

interface PeerName {
  readonly address?: string
  readonly port?: number
}

export interface HandleOwner {
  /**
   * The handle of the socket; `null` once it is closed, `undefined` for a stream that is no socket of Node's.
   *
   * @why All other members of a handle are reached by it.
   * @instead As for those members.
   */
  readonly _handle?: SocketHandle | null
}

/** The handle of a socket, if it has one. */
export const handleOf = (socket: Socket): SocketHandle | null | undefined =>
  (socket as HandleOwner)._handle

/** The descriptor of a socket, or `undefined` where it has none that can be read. */
export const descriptorOf = (socket: Socket): number | undefined => {
  const descriptor = handleOf(socket)?.fd
  return descriptor === undefined || descriptor < 0 ? undefined : descriptor
}

/**
 * Number of bytes that the system has taken from a socket and given to it. Node's own counts change only at
 * the start and the end of a large write; the handle shows its progress, and Node's socket time-out reads it,
 * too. `undefined` for a stream that counts nothing.
 */
export const bytesPassed = (socket: Socket): number | undefined => {
  const handle = handleOf(socket)
  const { bytesRead, bytesWritten, writeQueueSize = 0 } = handle?._parent ?? handle ?? {}
  if (bytesRead === undefined || bytesWritten === undefined) return undefined
  return bytesRead + bytesWritten - writeQueueSize
}

/**
 * The address and port that a connected TCP socket leads to; `undefined` for any other stream. It is
 * asked of the handle, because the socket would keep the answer for life.
 */
export const destinationOf = (socket: Socket): string | undefined => {
  const peer: PeerName = {}
  const result = handleOf(socket)?.getpeername?.(peer)
  return result === 0 && peer.port !== undefined ? `${peer.address}:${peer.port}` : undefined
}

type TcpHandle = SocketHandle & Required<Pick<SocketHandle, 'close' | 'reset'>>

const tcpHandleOf = (socket: Socket): TcpHandle | undefined => {
  let handle = handleOf(socket)
  while (handle?._parent) handle = handle._parent
  return typeof handle?.reset === 'function' ? (handle as TcpHandle) : undefined
}

function resetInstead(this: TcpHandle, callback?: () => void): void {
  this.reset(callback)
}

/**
 * Makes the handle of a socket close by RST when it is closed. Only this last step is exchanged, so that
 * every socket ends as usual otherwise. No FIN may be on its way.
 *
 * @returns Whether the socket stands on TCP; any other stream is left as it is.
 */
export const resetWhenClosed = (socket: Socket): boolean => {
  const handle = tcpHandleOf(socket)
  if (handle === undefined) return false
  Object.defineProperty(handle, 'close', { value: resetInstead, configurable: true })
  return true
}
