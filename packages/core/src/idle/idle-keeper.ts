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

/** The time that a connection stays open that was dialled for a request and used by none. */
export const UNUSED_MS = 5000

/** The parts that the keeper uses. */
export interface IdleKeeperParts<Transport, Request> {
  readonly registry: Registry<Transport, Request>
  readonly dialScheduler: DialScheduler<Transport, Request>
  readonly idle: IdleSet<Transport, Request>
  readonly closer: Closer<Transport, Request>
}

/**
 * Keeper of idle connections: picks the next one to use, decides which to keep, and closes the
 * others in time.
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

  /** The time at which the first idle connection expires. */
  get nextDeadlineMs(): number {
    return this.#idle.firstToExpire?.expiresAtMs ?? Number.POSITIVE_INFINITY
  }

  /** The connection of any origin that has been idle longest. */
  get leastRecentlyUsed(): Connection<Transport, Request> | undefined {
    return this.#idle.leastRecentlyUsed
  }

  /** Judges whether the connection may take a further request, and until when. */
  judge(connection: Connection<Transport, Request>, nowMs: number): Verdict {
    return this.#judge(connection, nowMs)
  }

  /** Judges a connection again after a lease, where it was judged just before. */
  recount(connection: Connection<Transport, Request>, nowMs: number): Verdict {
    return this.#recount(connection, nowMs)
  }

  /** Takes the idle connection to use next. Closes those before it that may no longer be used. */
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
   * Checks a used connection before it serves a request. Every path from one request to the next
   * goes through here.
   *
   * @returns The reason why it must not serve the request; `undefined` where it may.
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

  /** Records the end of an idle connection. */
  lose(connection: Connection<Transport, Request>, reason: CloseReason, nowMs: number): void {
    this.#idle.end(connection, reason, nowMs)
    if (isPeerClose(reason)) this.#endUnused(connection.origin, nowMs)
  }

  /** Removes the idle connection from the lists. */
  remove(connection: Connection<Transport, Request>): void {
    if (connection.state === STATES.idle) this.#idle.remove(connection)
  }

  /** Closes the connections that have expired. */
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
   * Closes connections that no request has used. A server that stops closes those that it has
   * answered on, and waits for the first request on the others (Node's `server.close()` before Node
   * 26).
   */
  #endUnused({ unused }: ConnectionOrigin<Transport, Request>, nowMs: number): void {
    // An effect that calls back may end some of them, too.
    while (unused.first !== undefined) this.end(unused.first, 'trimmed', nowMs)
  }
}

/** Computes the deadline of an idle connection that the policies allow until `verdictMs`. */
const keptUntilMs = <Transport, Request>(
  { isLeftOver, openedAtMs }: Connection<Transport, Request>,
  verdictMs: number,
): number => (isLeftOver ? Math.min(verdictMs, openedAtMs + UNUSED_MS) : verdictMs)
