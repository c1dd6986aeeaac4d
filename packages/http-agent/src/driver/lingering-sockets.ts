import type { Socket } from 'node:net'
import { monotonicNowMs } from './clock.ts'

/**
 * Sockets that have served their last request and wait for their peer to close first: whoever closes
 * first holds TIME_WAIT (RFC 9293 §3.6). With one wait for all, their deadlines come in the order in
 * which they began, and one timer serves them all. It never keeps the process alive.
 */
export class LingeringSockets {
  readonly #waitMs: number
  /** Sockets and the instants at which their wait ends, the first one first. */
  readonly #deadlines: Map<Socket, number> = new Map()
  #timer: NodeJS.Timeout | undefined

  constructor(waitMs: number) {
    this.#waitMs = waitMs
  }

  /** Closes the socket after its peer has, or once the wait is over. */
  add(socket: Socket): void {
    if (this.#waitMs === 0 || socket.readableEnded) {
      socket.destroy()
      return
    }
    this.#deadlines.set(socket, monotonicNowMs() + this.#waitMs)
    socket.once('end', () => socket.destroy())
    socket.once('close', () => this.#deadlines.delete(socket))
    // A stream that is no socket of Node's may have no `unref`.
    ;(socket as Partial<Socket>).unref?.call(socket)
    socket.resume()
    this.#timer ??= this.#arm(this.#waitMs)
  }

  /** Ends every wait. */
  close(): void {
    for (const socket of this.#deadlines.keys()) socket.destroy()
  }

  #arm(delayMs: number): NodeJS.Timeout {
    return setTimeout(() => this.#closeOverdue(), delayMs).unref()
  }

  #closeOverdue(): void {
    this.#timer = undefined
    const nowMs = monotonicNowMs()
    for (const [socket, deadlineMs] of this.#deadlines) {
      if (deadlineMs > nowMs) {
        this.#timer = this.#arm(Math.ceil(deadlineMs - nowMs))
        return
      }
      this.#deadlines.delete(socket)
      socket.destroy()
    }
  }
}
