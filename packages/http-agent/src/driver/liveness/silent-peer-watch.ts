import type { Socket } from 'node:net'
import { constants } from 'node:os'
import { platform } from 'node:process'
import type { Connection, ConnectionOrigin, TcpKeepAlive } from '@holdfast/core'
import { monotonicNowMs } from '../clock.ts'
import type { SocketCarrier } from '../socket-carrier.ts'
import { retransmissionsOf } from './read-retransmissions.ts'

/** Number of connections that one sweep looks at; the next one continues from there. */
const MAX_LOOKS = 1000

/** An observation of a connection whose request waits. */
interface Suspicion {
  readonly requestCount: number
  readonly bytesRead: number
  /** Since when its bytes are known to be sent again and again. */
  unansweredSinceMs: number | undefined
}

/** The error that the system would report a quarter of an hour later. */
const createTimeout = (): Error =>
  Object.assign(new Error('write ETIMEDOUT'), {
    errno: -constants.errno.ETIMEDOUT,
    code: 'ETIMEDOUT',
    syscall: 'write',
  })

/**
 * Finds connections in use whose peer has vanished. TCP keepalive does not: it is silent while bytes wait
 * to be acknowledged, and Linux then sends them again for a quarter of an hour (sysctl `tcp_retries2`).
 * RFC 5482 has a time-out for this that Node cannot set, so that the kernel's table is read: where a
 * request has waited for an interval, and only then. A connection whose bytes stay unacknowledged for as
 * long as the probes of an idle one may take fails with ETIMEDOUT. It adds no cost to requests.
 */
export class SilentPeerWatch<Transport extends SocketCarrier, Request> {
  readonly #origins: ReadonlyMap<string, ConnectionOrigin<Transport, Request>>
  readonly #intervalMs: number
  readonly #probes: number
  readonly #retransmissionsOf: typeof retransmissionsOf
  readonly #suspicions: WeakMap<Connection<Transport, Request>, Suspicion> = new WeakMap()
  #unseen: Iterator<Connection<Transport, Request>>
  #nextSweepMs = Number.POSITIVE_INFINITY

  constructor(
    origins: ReadonlyMap<string, ConnectionOrigin<Transport, Request>>,
    tcpKeepAlive: TcpKeepAlive | false,
    ask: typeof retransmissionsOf = retransmissionsOf,
  ) {
    this.#retransmissionsOf = ask
    this.#origins = origins
    // Only Linux tells what it sends again.
    const isOn = tcpKeepAlive !== false && platform === 'linux'
    this.#intervalMs = isOn ? tcpKeepAlive.intervalMs : Number.POSITIVE_INFINITY
    this.#probes = isOn ? tcpKeepAlive.probes : Number.POSITIVE_INFINITY
    this.#unseen = this.#connections()
  }

  /** The instant of the next look; infinite while no connection is open. */
  get nextDeadlineMs(): number {
    return this.#nextSweepMs
  }

  /** Starts to watch; called when a connection opens. */
  start(nowMs: number): void {
    if (this.#nextSweepMs === Number.POSITIVE_INFINITY) {
      this.#nextSweepMs = nowMs + this.#intervalMs
    }
  }

  advance(nowMs: number): void {
    if (nowMs < this.#nextSweepMs) return
    this.#nextSweepMs =
      this.#origins.size === 0 ? Number.POSITIVE_INFINITY : nowMs + this.#intervalMs
    const suspects = this.#sweep(nowMs)
    if (suspects.length > 0) this.#examine(suspects)
  }

  *#connections(): Generator<Connection<Transport, Request>, void> {
    for (const { connections } of this.#origins.values()) yield* connections
  }

  /** The connections whose request had nothing to read since an earlier sweep. */
  #sweep(nowMs: number): Connection<Transport, Request>[] {
    const suspects: Connection<Transport, Request>[] = []
    for (let looks = 0; looks < MAX_LOOKS; looks++) {
      const { value: connection, done } = this.#unseen.next()
      if (done === true) {
        this.#unseen = this.#connections()
        return suspects
      }
      if (this.#isSuspect(connection, nowMs)) suspects.push(connection)
    }
    return suspects
  }

  #isSuspect(connection: Connection<Transport, Request>, nowMs: number): boolean {
    const { isInUse, requestCount, idleSinceMs } = connection
    if (!isInUse || nowMs - idleSinceMs < this.#intervalMs) return false
    if (this.#isUnchanged(connection)) return true
    const bytesRead = connection.transport?.socket?.bytesRead ?? 0
    this.#suspicions.set(connection, { requestCount, bytesRead, unansweredSinceMs: undefined })
    return false
  }

  #isUnchanged(connection: Connection<Transport, Request>): boolean {
    const suspicion = this.#suspicions.get(connection)
    return (
      suspicion?.requestCount === connection.requestCount &&
      suspicion.bytesRead === connection.transport?.socket?.bytesRead
    )
  }

  async #examine(suspects: readonly Connection<Transport, Request>[]): Promise<void> {
    const sockets = suspects.map(({ transport }) => transport?.socket as Socket)
    const counts = await this.#retransmissionsOf(sockets)
    for (const [index, connection] of suspects.entries()) {
      this.#judge(connection, counts[index] as number)
    }
  }

  #judge(connection: Connection<Transport, Request>, retransmissions: number): void {
    const suspicion = this.#suspicions.get(connection)
    if (suspicion === undefined || !this.#isUnchanged(connection)) return
    if (retransmissions === 0) {
      suspicion.unansweredSinceMs = undefined
      return
    }
    const nowMs = monotonicNowMs()
    suspicion.unansweredSinceMs ??= nowMs
    const isOverdue = nowMs - suspicion.unansweredSinceMs >= this.#intervalMs * this.#probes
    if (isOverdue && retransmissions >= this.#probes) {
      connection.transport?.socket?.destroy(createTimeout())
    }
  }
}
