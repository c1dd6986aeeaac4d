import { Buffer } from 'node:buffer'
import { type OnReadOpts, Socket } from 'node:net'
import { platform } from 'node:process'

/** As much as libuv reads at a time. */
const BUFFER_SIZE = 65_536

const CHUNK = Symbol('chunk')

/** A socket with what it has just read; `null` where that is nothing, `undefined` where it reads as usual. */
type DirectSocket = Socket & { [CHUNK]: Buffer | null | undefined }

function onRead(this: DirectSocket, length: number, buffer: Uint8Array): boolean {
  const chunk = Buffer.allocUnsafe(length)
  ;(buffer as Buffer).copy(chunk, 0, 0, length)
  if (this[CHUNK] === undefined || this.readableLength > 0) return this.push(chunk)
  this[CHUNK] = chunk
  this.emit('readable')
  if (this[CHUNK] !== chunk) return true
  this[CHUNK] = null
  return this.push(chunk)
}

function read(this: DirectSocket, size?: number): unknown {
  const chunk = this[CHUNK]
  if (chunk === null || size !== undefined) return Socket.prototype.read.call(this, size)
  this[CHUNK] = null
  return chunk
}

/**
 * How sockets read that are made with it: all of them into one buffer, from which a chunk of the length
 * that came is copied. Otherwise Node has the system fill 64 KiB each time and gives back what is left
 * over, which costs more than a usual response is worth to be copied. On Windows a read is in progress
 * while the loop waits, so that each needs a buffer of its own.
 *
 * Node calls it as a method of the socket, which its documentation leaves out.
 */
export const DIRECT_READ: OnReadOpts | undefined =
  platform === 'win32'
    ? undefined
    : { buffer: Buffer.allocUnsafeSlow(BUFFER_SIZE), callback: onRead as OnReadOpts['callback'] }

/**
 * Lets whoever listens for `readable` have each chunk at once. It passes through the buffer of the stream,
 * which takes two ticks of Node's queue, only where it is not read at once.
 */
export const readDirectly = (socket: Socket): void => {
  ;(socket as DirectSocket)[CHUNK] = null
  socket.read = read
}

/** The socket goes to somebody who may use it in any way. */
export const readAsUsual = (socket: Socket): void => {
  ;(socket as DirectSocket)[CHUNK] = undefined
  socket.read = Socket.prototype.read
}
