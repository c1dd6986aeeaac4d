import type { Socket } from 'node:net'
import { LingeringSockets } from './lingering-sockets.ts'
import type { SocketCarrier } from './socket-carrier.ts'
import { isEmptyLine } from './stray-bytes.ts'

/** How long a peer may take to close where a request is queued that needs the place, at the most. */
const HURRIED_WAIT_MS = 50

/**
 * Lets peers close first: whoever closes first holds TIME_WAIT (RFC 9293 §3.6). A socket that waits
 * still holds its place under the caps, so that the wait is short where a request is queued for one.
 */
export class PeerFirstClose {
  readonly #waitMs: number
  readonly #end: (carrier: SocketCarrier) => void
  readonly #patient: LingeringSockets
  readonly #hurried: LingeringSockets
  /** Those that wait patiently, by origin. */
  readonly #byOrigin: Map<string, Set<SocketCarrier>> = new Map()

  /** @param end Closes a socket whose peer has not done so. */
  constructor(waitMs: number, end: (carrier: SocketCarrier) => void) {
    this.#waitMs = waitMs
    this.#end = end
    this.#patient = new LingeringSockets(waitMs, false, end)
    this.#hurried = new LingeringSockets(Math.min(waitMs, HURRIED_WAIT_MS), true, end)
  }

  /** Closes the socket after its peer has, or once the wait is over. */
  close(carrier: SocketCarrier, originKey: string, isPlaceWanted: boolean): void {
    const socket = carrier.silence()
    if (this.#waitMs === 0 || socket.readableEnded) {
      this.#end(carrier)
      return
    }
    if (isPlaceWanted) this.#hurried.add(carrier)
    else this.#bePatientWith(carrier, originKey)
    socket.once('end', () => socket.destroy())
    socket.once('close', () => this.#forget(carrier, originKey))
    // What comes after the last response is nobody's; a peer that goes on sending will not close.
    socket.on('data', (bytes: Uint8Array) => {
      if (!isEmptyLine(bytes)) this.#end(carrier)
    })
    // A stream that is no socket of Node's may have no `unref`.
    ;(socket as Partial<Socket>).unref?.call(socket)
    socket.resume()
  }

  /** A request is queued for a place of the origin. */
  hurry(originKey: string): void {
    const waiting = this.#byOrigin.get(originKey)
    if (waiting === undefined) return
    this.#byOrigin.delete(originKey)
    for (const carrier of waiting) {
      this.#patient.delete(carrier)
      this.#hurried.add(carrier)
    }
  }

  /** A request is queued for any place. */
  hurryAll(): void {
    for (const originKey of this.#byOrigin.keys()) this.hurry(originKey)
  }

  /** Ends every wait. */
  destroy(): void {
    this.#patient.end()
    this.#hurried.end()
  }

  #bePatientWith(carrier: SocketCarrier, originKey: string): void {
    this.#patient.add(carrier)
    const waiting = this.#byOrigin.get(originKey)
    if (waiting === undefined) this.#byOrigin.set(originKey, new Set([carrier]))
    else waiting.add(carrier)
  }

  #forget(carrier: SocketCarrier, originKey: string): void {
    this.#patient.delete(carrier)
    this.#hurried.delete(carrier)
    const waiting = this.#byOrigin.get(originKey)
    waiting?.delete(carrier)
    if (waiting?.size === 0) this.#byOrigin.delete(originKey)
  }
}
