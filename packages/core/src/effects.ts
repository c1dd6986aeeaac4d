import type { CloseReason } from './connection/close-reason.ts'
import type { Connection } from './connection/connection.ts'
import type { OriginTarget } from './connection/origin-target.ts'

/** The result of a look at a connection: alive, unsure, or the reason why it must not be used. */
export type Look = 'alive' | 'unsure' | CloseReason

/**
 * Everything that the pool makes happen. The pool changes its state before it calls, so an effect
 * may call the pool again.
 */
export interface Effects<Transport, Request> {
  /**
   * Opens a connection for `request`, to be answered with `opened` or `dialFailed`. With late
   * binding the request that waits longest gets it, which may be another one. A dial for warmth has
   * no request.
   */
  readonly dial: (connection: Connection<Transport, Request>, request: Request | undefined) => void
  /**
   * Closes the connection, to be answered with `closed`, or with `dialFailed` where it never
   * opened, once it holds no file descriptor any more.
   *
   * @param error Error for a request that has the connection, unless `lose` moves it elsewhere.
   */
  readonly close: (
    connection: Connection<Transport, Request>,
    reason: CloseReason,
    error?: Error,
  ) => void
  /**
   * Waits for the peer to close the connection, to be answered with `retire` once it has closed or
   * sent stray bytes. After too long a wait the pool calls {@link close}.
   */
  readonly linger: (connection: Connection<Transport, Request>) => void
  /**
   * Gives the connection to the request, until `release`, `detach` or `closed`. A connection that
   * is `draining` serves its last request, which may be announced to the peer. One that is not
   * `isSure` must be checked before the request is sent on it.
   */
  readonly grant: (request: Request, connection: Connection<Transport, Request>) => void
  /**
   * Takes the request back from its connection, which is gone for the pool, whether it was sent or
   * not. The request gets another connection, whose dial begins right after this.
   */
  readonly takeBack: (request: Request, connection: Connection<Transport, Request>) => void
  /**
   * Fails a request that gets no connection. A dial that ends with it is closed right after this.
   */
  readonly reject: (request: Request, error: Error) => void
  /**
   * Whether a connection may be kept that a request has given back and no other one waits for;
   * otherwise it is closed. Where this is left out, all may. It must not call the pool.
   */
  readonly mayKeep?: (connection: Connection<Transport, Request>) => boolean
  /**
   * Looks, without blocking, at a connection about to be reused. Called for every reuse, of an idle
   * connection or of one that goes straight from one request to the next, unless `staleCheck` is
   * `'none'`; how close to look may depend on what it would do to the request if the connection
   * were dead. It must not call the pool.
   */
  readonly peek: (
    connection: Connection<Transport, Request>,
    request: Request,
    nowMs: number,
  ) => Look
  /**
   * Whether the peer of a connection that is about to close may close it first: both sides know
   * that its last request is served, and no bytes are under way. Called only where `closeMode` is
   * `'peer-first'` and there is time to wait. It must not call the pool.
   */
  readonly mayLinger: (connection: Connection<Transport, Request>, reason: CloseReason) => boolean
  /**
   * Looks the name of the origin up again, while no dial waits, and passes the answer to the pool.
   * Called only where the pool knows addresses of the origin, and at most once in
   * `addresses.refreshMs`.
   */
  readonly lookUp?: (target: OriginTarget) => void
  /**
   * Returns the time since which the request that has the connection waits for its peer, with
   * nothing read or written as far as is known; `nowMs` where it waits for something else. Called
   * only where `responseTimeoutMs` is set, a few times within it. It must not call the pool.
   */
  readonly silentSince: (connection: Connection<Transport, Request>, nowMs: number) => number
}
