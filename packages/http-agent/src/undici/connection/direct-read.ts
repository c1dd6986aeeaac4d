import { Buffer } from 'node:buffer'
import { type OnReadOpts, Socket } from 'node:net'
import { platform } from 'node:process'

/** The most bytes that libuv reads at a time. */
const BUFFER_SIZE = 65_536

/** The length from which a chunk is not copied where possible: its buffer goes to the reader. */
const LARGE = 32_768

/** The buffer that all sockets read into until a large chunk comes. */
const shared = Buffer.allocUnsafeSlow(BUFFER_SIZE)

/** Buffer for the next read; `undefined` keeps the current one. */
let next: Buffer | undefined = shared

const takeNext = (): Buffer | undefined => {
  const buffer = next
  next = shared
  return buffer
}

const CHUNK = Symbol('chunk')
const WATCHER = Symbol('read watcher')

/** The check of all bytes that are read from a socket, before its reader gets them. */
export interface ReadWatcher {
  /** @returns Whether the bytes go to the reader. */
  readonly takes: (bytes: Uint8Array) => boolean
}

/**
 * A socket with the chunk that it has just read; `null` for none, `undefined` where it reads as
 * usual.
 */
type DirectSocket = Socket & { [CHUNK]: Buffer | null | undefined; [WATCHER]: ReadWatcher }

/** @returns Whether the socket is to go on reading. */
const pass = (socket: DirectSocket, chunk: Buffer): boolean => {
  if (socket[CHUNK] === undefined || socket.readableLength > 0) return socket.push(chunk)
  socket[CHUNK] = chunk
  socket.emit('readable')
  if (socket[CHUNK] !== chunk) return true
  socket[CHUNK] = null
  return socket.push(chunk)
}

function onRead(this: DirectSocket, length: number, buffer: Buffer): boolean {
  const isLarge = length >= LARGE
  const isOwn = buffer !== shared
  let chunk: Buffer
  if (isLarge && isOwn) {
    chunk = buffer.subarray(0, length)
  } else {
    chunk = Buffer.allocUnsafe(length)
    buffer.copy(chunk, 0, 0, length)
  }
  const goesOn = pass(this, chunk)
  // After a large chunk more is likely to come, after a small one nothing.
  if (isLarge) next = Buffer.allocUnsafeSlow(BUFFER_SIZE)
  else next = isOwn ? shared : undefined
  return goesOn
}

const take = (socket: DirectSocket, size: number | undefined): unknown => {
  const chunk = socket[CHUNK]
  if (chunk === null || size !== undefined) return Socket.prototype.read.call(socket, size)
  socket[CHUNK] = null
  return chunk
}

function read(this: DirectSocket, size?: number): unknown {
  const chunk = take(this, size)
  return chunk !== null && this[WATCHER].takes(chunk as Uint8Array) ? chunk : null
}

/**
 * The option `onread` for sockets: all read into one buffer, from which chunks are copied.
 * Otherwise Node allocates 64 KiB for each read, which costs more than copying a usual response.
 * While large chunks come, a socket reads into buffers of its own, without copies. It is
 * `undefined` on Windows, where a read is in progress while the loop waits.
 *
 * Node calls it as a method of the socket, and then asks for the next buffer.
 *
 * @why One function serves all sockets, and the buffer of the next read depends on this one.
 * @instead Documentation of both.
 */
export const DIRECT_READ: OnReadOpts | undefined =
  platform === 'win32'
    ? undefined
    : {
        buffer: takeNext as () => Uint8Array,
        callback: onRead as unknown as OnReadOpts['callback'],
      }

/**
 * Gives each chunk to the listeners of `readable` at once. A chunk goes through the stream's
 * buffer, which takes two ticks, only where no listener reads it.
 */
export const readDirectly = (socket: Socket, watcher: ReadWatcher): void => {
  const direct = socket as DirectSocket
  direct[CHUNK] = null
  direct[WATCHER] = watcher
  socket.read = read
}

/** Restores usual reads, for an owner that may use the socket in any way. */
export const readAsUsual = (socket: Socket): void => {
  ;(socket as DirectSocket)[CHUNK] = undefined
  socket.read = Socket.prototype.read
}
