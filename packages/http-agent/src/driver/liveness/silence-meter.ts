import type { Connection } from '@holdfast/core'
import type { SocketCarrier } from '../socket-carrier.ts'
import { bytesPassed } from '../socket-handle.ts'

/** The last observation of a connection in use. */
interface Sight {
  readonly requestCount: number
  /** `undefined` if its request did not wait for the peer. */
  readonly bytes: number | undefined
  readonly sinceMs: number
}

/**
 * Tells since when requests in progress hear nothing from their peers. It compares byte counts between two
 * looks, and so costs nothing per byte.
 */
export class SilenceMeter<Transport extends SocketCarrier, Request> {
  readonly #awaitsPeer: (transport: Transport) => boolean
  readonly #sights: WeakMap<Connection<Transport, Request>, Sight> = new WeakMap()

  /** @param awaitsPeer Whether the request in progress waits for its peer, rather than for its caller. */
  constructor(awaitsPeer: (transport: Transport) => boolean) {
    this.#awaitsPeer = awaitsPeer
  }

  /** The first look since which no byte has passed; `nowMs` if the request does not wait for the peer. */
  since(connection: Connection<Transport, Request>, nowMs: number): number {
    const { requestCount, transport } = connection
    const bytes = transport && this.#bytesAwaited(transport)
    const last = this.#sights.get(connection)
    const isSilent =
      bytes !== undefined && last?.requestCount === requestCount && last.bytes === bytes
    if (isSilent) return last.sinceMs
    this.#sights.set(connection, { requestCount, bytes, sinceMs: nowMs })
    return nowMs
  }

  #bytesAwaited(transport: Transport): number | undefined {
    const { socket } = transport
    const isAwaited = socket?.destroyed === false && this.#awaitsPeer(transport)
    return isAwaited ? bytesPassed(socket) : undefined
  }
}
