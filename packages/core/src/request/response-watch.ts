import type { CloseReason } from '../connection/close-reason.ts'
import type { Connection } from '../connection/connection.ts'
import type { Registry } from '../connection/registry.ts'
import { ResponseTimeoutError } from '../errors.ts'
import type { PoolOptions } from '../options/pool-options.ts'
import { DeadlineQueue } from '../structures/deadline-queue.ts'
import { Reprieve } from './reprieve.ts'

/** How often, within the time-out, a connection in use is asked since when it has heard nothing. */
export const LOOKS = 8

/**
 * Ends connections whose request hears nothing for as long as `responseTimeoutMs`. Bytes move no deadline:
 * whoever drives the pool is asked when one comes, and it then moves to what the answer leaves. Whoever
 * counts bytes learns that there was some progress, and not when; so it is asked several times within the
 * time-out. Lease and release cost what the deadline queue does.
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

  /** When the first connection in use is to be asked. */
  get nextDeadlineMs(): number {
    const { first } = this.#byDeadline
    return first === undefined
      ? Number.POSITIVE_INFINITY
      : this.#reprieve.wakeUpFor(first.expiresAtMs)
  }

  /** A request has the connection. */
  begin(connection: Connection<Transport, Request>, nowMs: number): void {
    connection.expiresAtMs = nowMs + this.#lookEveryMs
    this.#byDeadline.add(connection)
  }

  /** The connection is in use no more. */
  end(connection: Connection<Transport, Request>): void {
    this.#byDeadline.remove(connection)
  }

  /** Closes what has been silent for too long. */
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
