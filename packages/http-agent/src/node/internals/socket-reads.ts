import { handleOf, type SocketHandle } from '../../driver/socket-handle.ts'
import type { AgentSocket } from './agent-socket.ts'

const READER: unique symbol = Symbol('reader')

export interface ReadingHandle extends SocketHandle {
  /**
   * Node's own reader: called with what was read, or with nothing at the end of the stream or upon an error.
   *
   * @why It shows bytes and the end before the stream does, and without a listener: libraries count
   * listeners for `data` and `end` to tell whether a response is complete.
   * @instead A channel of `diagnostics_channel`, or a hook, that shows what a socket reads.
   */
  onread?: OnRead
  /**
   * Whether the handle reads. Set here before {@link readStart}.
   *
   * @why A socket that was paused at the end of its response would not notice that the peer closes it.
   * @instead `socket.resume()` that reads on although nobody listens, without an event.
   */
  reading?: boolean
  /**
   * Lets the handle read on.
   *
   * @why As for `reading`.
   * @instead As for `reading`.
   */
  readonly readStart?: () => number
  [READER]?: SocketReader
}

type OnRead = (this: ReadingHandle, bytes?: ArrayBuffer) => unknown

/** Receives what is read from a socket before Node's own reader. */
export interface SocketReader {
  readonly socket: AgentSocket
  /** Whether no request has been sent on the socket yet that bytes could answer. They do not reach the stream then. */
  readonly isUnasked: boolean
  /** Whether anything has been read since the socket was handed to a request. */
  readonly isAnswered: boolean
  readonly onBytes: (bytes: Uint8Array) => void
  /** The stream is at its end, or `errored`. */
  readonly onEnd: () => void
  /**
   * The first bytes come since the socket was handed to a request.
   *
   * @returns Whether they may be its response; if not, they are dropped.
   */
  readonly onAnswer: () => boolean
  /** The stream of a socket that a request uses is at its end. The request hears of it in the next tick. */
  readonly onRequestEnd: () => void
  /** Node's own reader; kept here by {@link interceptReads}. */
  nodesReader: OnRead | undefined
}

function readForReader(this: ReadingHandle, bytes?: ArrayBuffer): unknown {
  const reader = this[READER] as SocketReader
  const { nodesReader: onread, socket } = reader
  if (bytes === undefined) {
    onread?.call(this)
    if (reader.isUnasked) reader.onEnd()
    else if (!socket.destroyed) reader.onRequestEnd()
    return undefined
  }
  if (!reader.isUnasked) {
    if (!(reader.isAnswered || reader.onAnswer())) return undefined
    return onread?.call(this, bytes)
  }
  // Which part of the buffer was read (not all of it since Node 26), only Node's reader knows.
  const { push } = socket
  socket.push = (read) => {
    reader.onBytes(read)
    return true
  }
  onread?.call(this, bytes)
  socket.push = push
  return undefined
}

/**
 * Shows what is read from a socket, without a `data` or `end` listener: libraries count those to tell
 * whether a response is complete. To be called once the socket is connected.
 *
 * @returns Whether the stream is a socket of Node's, which alone has a handle to look at.
 */
export const interceptReads = (socket: AgentSocket, reader: SocketReader): boolean => {
  const handle: ReadingHandle | null | undefined = handleOf(socket)
  const onread = handle?.onread
  if (!handle || typeof onread !== 'function') return false
  reader.nodesReader = onread
  handle[READER] = reader
  handle.onread = readForReader
  return true
}

/** Leaves the reads to Node's own reader again. */
export const restoreReads = (socket: AgentSocket, reader: SocketReader): void => {
  const handle: ReadingHandle | null | undefined = handleOf(socket)
  if (handle && reader.nodesReader !== undefined) handle.onread = reader.nodesReader
}

/** A socket that was paused at the end of its response would not notice that the peer closes it. */
export const resumeReads = (socket: AgentSocket): void => {
  const handle: ReadingHandle | null | undefined = handleOf(socket)
  if (handle?.reading !== false || handle.readStart === undefined) return
  handle.reading = true
  handle.readStart()
}

/**
 * How many bytes TLS has read from its peer, decrypted or not; `undefined` without TLS. Records that were
 * read together are decrypted one by one, so that what a request finds in the second one may have been
 * there before it was sent.
 */
export const encryptedBytesRead = (socket: AgentSocket): number | undefined =>
  handleOf(socket)?._parent?.bytesRead

/** Bytes that the socket has handed to its handle, those of requests that are over included. */
export const bytesHandedOver = (socket: AgentSocket): number => handleOf(socket)?.bytesWritten ?? 0
