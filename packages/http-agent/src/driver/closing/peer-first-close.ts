import type { Socket } from 'node:net'
import type { SocketCarrier } from '../socket-carrier.ts'
import { LingeringSockets } from './lingering-sockets.ts'
import { PeerHabits } from './peer-habits.ts'

/** Whose connection it is. */
interface ClosingOrigin {
  readonly key: string
}

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
  /** What peers do with a whole wait, and with a short one. */
  readonly #habits: PeerHabits = new PeerHabits()
  readonly #habitsInHaste: PeerHabits = new PeerHabits()
  /** Those that wait. */
  readonly #origins: Map<SocketCarrier, ClosingOrigin> = new Map()
  /** Those that wait patiently, by origin. */
  readonly #byOrigin: Map<string, Set<SocketCarrier>> = new Map()

  /** @param end Closes a socket whose peer has not done so. */
  constructor(waitMs: number, end: (carrier: SocketCarrier) => void) {
    this.#waitMs = waitMs
    this.#end = end
    this.#patient = new LingeringSockets(waitMs, false, (carrier) => {
      this.#endInVain(carrier, this.#habits)
    })
    this.#hurried = new LingeringSockets(Math.min(waitMs, HURRIED_WAIT_MS), true, (carrier) => {
      this.#endInVain(carrier, this.#habitsInHaste)
    })
  }

  /** Closes the socket after its peer has, or once the wait is over. */
  close(carrier: SocketCarrier, origin: ClosingOrigin, isPlaceWanted: boolean): void {
    const socket = carrier.silence()
    const habits = isPlaceWanted ? this.#habitsInHaste : this.#habits
    if (this.#waitMs === 0 || socket.readableEnded || !habits.deserveWait(origin)) {
      this.#end(carrier)
      return
    }
    this.#origins.set(carrier, origin)
    if (isPlaceWanted) this.#hurried.add(carrier)
    else this.#bePatientWith(carrier, origin.key)
    socket.once('close', () => this.#forget(carrier, origin.key))
    carrier.linger({
      onEnd: () => {
        this.#habits.closed(origin)
        if (this.#hurried.has(carrier)) this.#habitsInHaste.closed(origin)
        socket.destroy()
      },
      // A peer that goes on sending will not close.
      onStray: () => this.#end(carrier),
    })
    // A stream that is no socket of Node's may have no `unref`.
    ;(socket as Partial<Socket>).unref?.call(socket)
  }

  /** A request is queued for a place of the origin. */
  hurry(originKey: string): void {
    const waiting = this.#byOrigin.get(originKey)
    if (waiting === undefined) return
    this.#byOrigin.delete(originKey)
    for (const carrier of waiting) {
      this.#patient.delete(carrier)
      if (this.#habitsInHaste.deserveWait(this.#origins.get(carrier) as ClosingOrigin)) {
        this.#hurried.add(carrier)
      } else {
        this.#end(carrier)
      }
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

  #endInVain(carrier: SocketCarrier, habits: PeerHabits): void {
    const origin = this.#origins.get(carrier)
    if (origin !== undefined) habits.waitedInVain(origin)
    this.#end(carrier)
  }

  #bePatientWith(carrier: SocketCarrier, originKey: string): void {
    this.#patient.add(carrier)
    const waiting = this.#byOrigin.get(originKey)
    if (waiting === undefined) this.#byOrigin.set(originKey, new Set([carrier]))
    else waiting.add(carrier)
  }

  #forget(carrier: SocketCarrier, originKey: string): void {
    this.#origins.delete(carrier)
    this.#patient.delete(carrier)
    this.#hurried.delete(carrier)
    const waiting = this.#byOrigin.get(originKey)
    waiting?.delete(carrier)
    if (waiting?.size === 0) this.#byOrigin.delete(originKey)
  }
}
