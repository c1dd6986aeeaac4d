import type { Closer } from '../closing/closer.ts'
import { type CloseReason, isPeerClose } from '../connection/close-reason.ts'
import type { Connection, ConnectionOrigin } from '../connection/connection.ts'
import { STATES } from '../connection/lifecycle.ts'
import type { Registry } from '../connection/registry.ts'
import type { DialScheduler } from '../dialing/dial-scheduler.ts'
import type { PoolOptions } from '../options/pool-options.ts'
import { judgeOf, recountOf } from '../policies/judge.ts'
import type { Policy, Verdict } from '../policies/policy.ts'
import type { IdleSet } from './idle-set.ts'

/** How long a connection stays open that was dialled for a request and used by none. */
export const UNUSED_MS = 5000

/** What the keeper works with. */
export interface IdleKeeperParts<Transport, Request> {
  readonly registry: Registry<Transport, Request>
  readonly dialScheduler: DialScheduler<Transport, Request>
  readonly idle: IdleSet<Transport, Request>
  readonly closer: Closer<Transport, Request>
}

/**
 * What becomes of connections that no request uses: which one is used next, which are kept, and when
 * the others are closed.
 */
export class IdleKeeper<Transport, Request> {
  readonly #caps: PoolOptions<Transport, Request>['caps']
  readonly #effects: PoolOptions<Transport, Request>['effects']
  readonly #judge: Policy
  readonly #recount: Policy
  readonly #isChecked: boolean
  readonly #registry: Registry<Transport, Request>
  readonly #dialScheduler: DialScheduler<Transport, Request>
  readonly #idle: IdleSet<Transport, Request>
  readonly #closer: Closer<Transport, Request>

  constructor(
    { caps, effects, policy }: PoolOptions<Transport, Request>,
    { registry, dialScheduler, idle, closer }: IdleKeeperParts<Transport, Request>,
  ) {
    this.#caps = caps
    this.#effects = effects
    this.#judge = judgeOf(policy)
    this.#recount = recountOf(policy)
    this.#isChecked = policy.staleCheck !== 'none'
    this.#registry = registry
    this.#dialScheduler = dialScheduler
    this.#idle = idle
    this.#closer = closer
  }

  /** When the first idle connection expires. */
  get nextDeadlineMs(): number {
    return this.#idle.firstToExpire?.expiresAtMs ?? Number.POSITIVE_INFINITY
  }

  /** Of all origins, the connection that has been idle longest. */
  get leastRecentlyUsed(): Connection<Transport, Request> | undefined {
    return this.#idle.leastRecentlyUsed
  }

  /** Whether, and until when, the connection may take a further request. */
  judge(connection: Connection<Transport, Request>, nowMs: number): Verdict {
    return this.#judge(connection, nowMs)
  }

  /** The same after a lease, of a connection that was judged just before it. */
  recount(connection: Connection<Transport, Request>, nowMs: number): Verdict {
    return this.#recount(connection, nowMs)
  }

  /**
   * The idle connection to use, out of its lists, once those before it that may not be used any more
   * are closed.
   */
  take(
    originKey: string,
    request: Request,
    nowMs: number,
  ): Connection<Transport, Request> | undefined {
    while (true) {
      // Looked up each time: an effect that calls back may have ended the origin, and begun it anew.
      const origin = this.#registry.origins.get(originKey)
      const connection = origin && this.#idle.next(origin)
      if (connection === undefined) return undefined
      const refusal = this.refusalOf(connection, request, nowMs)
      if (refusal === undefined) {
        this.#idle.remove(connection)
        return connection
      }
      this.end(connection, refusal, nowMs)
    }
  }

  /**
   * Why a connection that has served another request, or was idle, must not serve this one. However it
   * comes from one request to the next, this is what checks it.
   */
  refusalOf(
    connection: Connection<Transport, Request>,
    request: Request,
    nowMs: number,
  ): CloseReason | undefined {
    const verdict = this.#judge(connection, nowMs)
    if (typeof verdict !== 'number') return verdict
    if (!this.#isChecked) return undefined
    const look = this.#effects.peek(connection, request, nowMs)
    connection.isSure = look === 'alive'
    return look === 'alive' || look === 'unsure' ? undefined : look
  }

  /**
   * Keeps a connection that is in no list for a later request, or closes it.
   *
   * @param wasInUse Whether a request has just given it back.
   */
  keepOrDiscard(
    connection: Connection<Transport, Request>,
    wasInUse: boolean,
    isDraining: boolean,
    nowMs: number,
  ): void {
    const { origin } = connection
    const verdict = this.#judge(connection, nowMs)
    if (typeof verdict !== 'number') {
      this.discard(connection, verdict, nowMs)
    } else if (isDraining) {
      this.discard(connection, 'drained', nowMs)
    } else if (
      this.#dialScheduler.lackPlaceBeside(origin) ||
      this.#dialScheduler.lackPlaceForFresh(origin)
    ) {
      this.discard(connection, 'evicted', nowMs)
    } else if (origin.idleCount >= this.#caps.maxIdlePerOrigin) {
      this.discard(connection, 'trimmed', nowMs)
    } else if (wasInUse && this.#effects.mayKeep?.(connection) === false) {
      this.discard(connection, 'response_close', nowMs)
    } else {
      connection.handOns = 0
      connection.hasBeenIdle = true
      this.#idle.add(connection, keptUntilMs(connection, verdict))
    }
  }

  /** Closes a connection that is `idle`, or being dialled, and in no list. */
  discard(connection: Connection<Transport, Request>, reason: CloseReason, nowMs: number): void {
    this.#closer.close(connection, reason, nowMs)
  }

  /** Closes an idle connection. */
  end(connection: Connection<Transport, Request>, reason: CloseReason, nowMs: number): void {
    this.#idle.end(connection, reason, nowMs)
    this.discard(connection, reason, nowMs)
    if (isPeerClose(reason)) this.#endUnused(connection.origin, nowMs)
  }

  /** An idle connection is closed already. */
  lose(connection: Connection<Transport, Request>, reason: CloseReason, nowMs: number): void {
    this.#idle.end(connection, reason, nowMs)
    if (isPeerClose(reason)) this.#endUnused(connection.origin, nowMs)
  }

  /** The idle connection takes no further part. */
  remove(connection: Connection<Transport, Request>): void {
    if (connection.state === STATES.idle) this.#idle.remove(connection)
  }

  /** Closes what has expired. */
  expire(nowMs: number): void {
    while (true) {
      const connection = this.#idle.firstToExpire
      if (connection === undefined || nowMs < connection.expiresAtMs) return
      const verdict = this.#judge(connection, nowMs)
      if (typeof verdict !== 'number') {
        this.end(connection, verdict, nowMs)
        continue
      }
      const untilMs = keptUntilMs(connection, verdict)
      if (nowMs < untilMs) this.#idle.postpone(connection, untilMs)
      else this.end(connection, 'trimmed', nowMs)
    }
  }

  /**
   * Closes what no request has used. A server that stops closes the connections that it has answered
   * on, and waits for the first request of the others (Node's `server.close()` before Node 26).
   */
  #endUnused({ unused }: ConnectionOrigin<Transport, Request>, nowMs: number): void {
    // An effect that calls back may end some of them, too.
    while (unused.first !== undefined) this.end(unused.first, 'trimmed', nowMs)
  }
}

/** When a connection is closed unless it is used, which the policies allow until `verdictMs`. */
const keptUntilMs = <Transport, Request>(
  { isLeftOver, openedAtMs }: Connection<Transport, Request>,
  verdictMs: number,
): number => (isLeftOver ? Math.min(verdictMs, openedAtMs + UNUSED_MS) : verdictMs)
