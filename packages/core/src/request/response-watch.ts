import type { CloseReason } from '../connection/close-reason.ts'
import type { Connection } from '../connection/connection.ts'
import type { Registry } from '../connection/registry.ts'
import { ResponseTimeoutError } from '../errors.ts'
import type { PoolOptions } from '../options/pool-options.ts'
import { DeadlineQueue } from '../structures/deadline-queue.ts'
import { Reprieve } from './reprieve.ts'

/** The number of looks at a connection in use within the time-out. */
export const LOOKS = 8

/**
 * Ends connections whose request receives nothing for `responseTimeoutMs`. Bytes move no deadline:
 * at each one the driver is asked since when nothing has come, and the deadline moves accordingly.
 * A driver that counts bytes learns only that there was progress, not when; so it is asked several
 * times within the time-out. Lease and release cost what the deadline queue does.
 */
export class ResponseWatch<Transport, Request> {
  readonly #timeoutMs: number
  readonly #lookEveryMs: number
  readonly #effects: PoolOptions<Transport, Request>['effects']
  readonly #registry: Registry<Transport, Request>
  readonly #byDeadline: DeadlineQueue<Connection<Transport, Request>> = new DeadlineQueue()
  readonly #reprieve: Reprieve = new Reprieve()

  constructor(
    { effects, policy }: PoolOptions<Transport, Request>,
    registry: Registry<Transport, Request>,
  ) {
    this.#timeoutMs = policy.responseTimeoutMs
    this.#lookEveryMs = Math.ceil(policy.responseTimeoutMs / LOOKS)
    this.#effects = effects
    this.#registry = registry
  }

  /** The time of the next look at a connection in use. */
  get nextDeadlineMs(): number {
    const { first } = this.#byDeadline
    return first === undefined
      ? Number.POSITIVE_INFINITY
      : this.#reprieve.wakeUpFor(first.expiresAtMs)
  }

  /** Begins the watch over a connection that a request has. */
  begin(connection: Connection<Transport, Request>, nowMs: number): void {
    connection.expiresAtMs = nowMs + this.#lookEveryMs
    this.#byDeadline.add(connection)
  }

  /** Ends the watch over a connection. */
  end(connection: Connection<Transport, Request>): void {
    this.#byDeadline.remove(connection)
  }

  /** Closes connections that have been silent for too long. */
  advance(nowMs: number): void {
    while (true) {
      const connection = this.#byDeadline.first
      if (connection === undefined) return
      if (!this.#reprieve.isOver(connection.expiresAtMs, nowMs)) return
      this.#byDeadline.remove(connection)
      const overAtMs = this.#effects.silentSince(connection, nowMs) + this.#timeoutMs
      if (nowMs < overAtMs) {
        connection.expiresAtMs = Math.min(overAtMs, nowMs + this.#lookEveryMs)
        this.#byDeadline.add(connection)
      } else {
        this.#timeOut(connection)
      }
    }
  }

  #timeOut(connection: Connection<Transport, Request>): void {
    const error = new ResponseTimeoutError(connection.origin.name, this.#timeoutMs)
    this.#registry.abort(connection, 'response_timeout')
    this.#effects.close(connection, connection.closeReason as CloseReason, error)
  }
}
