import { Buffer } from 'node:buffer'
import { type OnReadOpts, Socket } from 'node:net'
import { platform } from 'node:process'

/** As much as libuv reads at a time. */
const BUFFER_SIZE = 65_536

/** A chunk of this length is not copied, if it can be helped: its buffer goes away with it. */
const LARGE = 32_768

/** What every socket reads into until something large comes. */
const shared = Buffer.allocUnsafeSlow(BUFFER_SIZE)

/** What the socket that has just read, or is about to begin, reads into; `undefined` where that stays. */
let next: Buffer | undefined = shared

const takeNext = (): Buffer | undefined => {
  const buffer = next
  next = shared
  return buffer
}

const CHUNK = Symbol('chunk')
const WATCHER = Symbol('read watcher')

/** Who is shown whatever is read from a socket, before whoever reads it has it. */
export interface ReadWatcher {
  /** @returns Whether the bytes go to whoever reads them. */
  readonly takes: (bytes: Uint8Array) => boolean
}

/** A socket with what it has just read; `null` where that is nothing, `undefined` where it reads as usual. */
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
  // More of a large body is likely to come, and nothing else after what is small.
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
 * How sockets read that are made with it: all of them into one buffer, of which what came is copied.
 * Otherwise Node allocates 64 KiB for each read, which costs more than to copy a usual response. While
 * large chunks come, a socket reads into buffers of its own, and nothing is copied. On Windows a read is
 * in progress while the loop waits, so that none of this would do.
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
 * Lets whoever listens for `readable` have each chunk at once. It passes through the buffer of the stream,
 * which takes two ticks of Node's queue, only where it is not read at once.
 */
export const readDirectly = (socket: Socket, watcher: ReadWatcher): void => {
  const direct = socket as DirectSocket
  direct[CHUNK] = null
  direct[WATCHER] = watcher
  socket.read = read
}

/** The socket goes to somebody who may use it in any way. */
export const readAsUsual = (socket: Socket): void => {
  ;(socket as DirectSocket)[CHUNK] = undefined
  socket.read = Socket.prototype.read
}
