import process from 'node:process'
import type { Connection, ConnectionOrigin } from '@holdfast/core'

/** A response whose body waits for a reader. */
export interface UnreadResponse {
  readonly method: string
  readonly path: string
  /** Anything that changes when more of the response is read. */
  readonly progress: number
}

/** An observation of a connection that may leak. */
interface Suspicion {
  readonly requestCount: number
  readonly progress: number
  readonly sinceMs: number
}

const SWEEP_INTERVAL_MS = 30_000
/** Connections are in the order of their age, and leaking ones are soon among the oldest. */
const MAX_LOOKS_PER_ORIGIN = 100

/**
 * Finds responses that nobody reads. Each keeps its connection, so that a pool with caps ends up waiting
 * for them. It looks at the oldest connections of each origin every 30 s and warns, once per origin, of a
 * response that has not moved between two looks. It adds no cost to requests.
 */
export class LeakWatch<Transport, Request> {
  readonly #origins: ReadonlyMap<string, ConnectionOrigin<Transport, Request>>
  readonly #unreadOf: (transport: Transport) => UnreadResponse | undefined
  readonly #suspicions: WeakMap<Connection<Transport, Request>, Suspicion> = new WeakMap()
  readonly #warned: WeakSet<ConnectionOrigin<Transport, Request>> = new WeakSet()
  #nextSweepMs = Number.POSITIVE_INFINITY

  constructor(
    origins: ReadonlyMap<string, ConnectionOrigin<Transport, Request>>,
    unreadOf: (transport: Transport) => UnreadResponse | undefined,
  ) {
    this.#origins = origins
    this.#unreadOf = unreadOf
  }

  /** The instant of the next look; infinite while no connection is open. */
  get nextDeadlineMs(): number {
    return this.#nextSweepMs
  }

  /** Starts to watch; called when a connection opens. */
  start(nowMs: number): void {
    if (this.#nextSweepMs === Number.POSITIVE_INFINITY) {
      this.#nextSweepMs = nowMs + SWEEP_INTERVAL_MS
    }
  }

  advance(nowMs: number): void {
    if (nowMs < this.#nextSweepMs) return
    for (const origin of this.#origins.values()) this.#sweep(origin, nowMs)
    this.#nextSweepMs =
      this.#origins.size === 0 ? Number.POSITIVE_INFINITY : nowMs + SWEEP_INTERVAL_MS
  }

  #sweep(origin: ConnectionOrigin<Transport, Request>, nowMs: number): void {
    const { connections, idleCount } = origin
    if (idleCount === connections.size || this.#warned.has(origin)) return
    let looks = 0
    for (const connection of connections) {
      if (++looks > MAX_LOOKS_PER_ORIGIN) return
      const { transport } = connection
      const unread =
        transport !== undefined && connection.isInUse ? this.#unreadOf(transport) : undefined
      const suspicion = unread && this.#suspect(connection, unread, nowMs)
      if (unread !== undefined && suspicion !== undefined) {
        this.#warned.add(origin)
        warn(origin.name, unread, nowMs - suspicion.sinceMs)
        return
      }
    }
  }

  /** @returns The last observation, if nothing has moved since. */
  #suspect(
    connection: Connection<Transport, Request>,
    { progress }: UnreadResponse,
    nowMs: number,
  ): Suspicion | undefined {
    const { requestCount } = connection
    const last = this.#suspicions.get(connection)
    if (last?.requestCount === requestCount && last.progress === progress) return last
    this.#suspicions.set(connection, { requestCount, progress, sinceMs: nowMs })
    return undefined
  }
}

const warn = (originName: string, { method, path }: UnreadResponse, unreadMs: number): void => {
  const seconds = Math.round(unreadMs / 1000)
  process.emitWarning(
    `nobody has read the response to ${method} ${path} for at least ${seconds} s; its connection serves no other request meanwhile`,
    {
      type: 'HoldfastWarning',
      code: 'HOLDFAST_UNREAD_RESPONSE',
      detail: `Read the response, or call its resume() or destroy(). Origin: ${originName}. Further ones of this origin are not warned of.`,
    },
  )
}
