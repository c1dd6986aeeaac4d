import type { CloseReason } from './connection/close-reason.ts'
import type { Connection } from './connection/connection.ts'
import type { OriginTarget } from './connection/origin-target.ts'

/** What a look at a connection tells: that it is alive, nothing for certain, or why it must not be used. */
export type Look = 'alive' | 'unsure' | CloseReason

/**
 * Everything the pool makes happen leaves through here. The pool has changed its state before it
 * calls, so that an effect may call the pool again.
 */
export interface Effects<Transport, Request> {
  /**
   * Open a connection, on behalf of `request`; answer with `opened` or `dialFailed`. With late binding
   * whoever waits longest gets it, which need not be that request. Where nobody asked, and the dial is
   * for warmth, there is no request.
   */
  readonly dial: (connection: Connection<Transport, Request>, request: Request | undefined) => void
  /**
   * Close the connection; answer with `closed`, or with `dialFailed` where it never opened, once it
   * holds no file descriptor any more.
   *
   * @param error What a request fails with that waits on it in vain, unless `lose` says otherwise.
   */
  readonly close: (
    connection: Connection<Transport, Request>,
    reason: CloseReason,
    error?: Error,
  ) => void
  /**
   * Wait for the peer to close the connection: answer with `retire` once it has done so, or sends what
   * nobody asked for. Once that takes too long, the pool asks to {@link close} it.
   */
  readonly linger: (connection: Connection<Transport, Request>) => void
  /**
   * The request has the connection, until `release`, `detach` or `closed`. A connection that is
   * `draining` serves its last request, which may be announced to the peer. One that is not
   * `isSure` has to be checked before the request is sent on it.
   */
  readonly grant: (request: Request, connection: Connection<Transport, Request>) => void
  /**
   * The request loses its connection, which is gone for the pool, and gets another one. Take it back from
   * whatever was about to send it, or has sent it in vain; its dial begins right after this.
   */
  readonly takeBack: (request: Request, connection: Connection<Transport, Request>) => void
  /** The request gets no connection. A dial that ends with it is asked to close right after this. */
  readonly reject: (request: Request, error: Error) => void
  /**
   * Whether a connection may be kept that a request has given back and no other one waits for; where not,
   * it is closed. Left out, all may. It must not call the pool.
   */
  readonly mayKeep?: (connection: Connection<Transport, Request>) => boolean
  /**
   * Look, without blocking, at a connection about to be reused. Called for every reuse, of an idle
   * connection or of one that goes straight from one request to the next, unless `staleCheck` is
   * `'none'`; how close to look may depend on what it would do to the request if the connection were
   * dead. It must not call the pool.
   */
  readonly peek: (
    connection: Connection<Transport, Request>,
    request: Request,
    nowMs: number,
  ) => Look
  /**
   * Whether the peer of a connection that is about to close can be left to close it first: both sides know
   * that its last request is served, and nothing is under way. Called only where `closeMode` is
   * `'peer-first'` and there is time to wait. It must not call the pool.
   */
  readonly mayLinger: (connection: Connection<Transport, Request>, reason: CloseReason) => boolean
  /**
   * Look the name of the origin up again, for no dial; tell the pool of what the resolver answers.
   * Called only where the pool has been told of addresses of the origin, and at most once in
   * `addresses.refreshMs`.
   */
  readonly lookUp?: (target: OriginTarget) => void
  /**
   * Since when the request that has the connection waits for its peer and nothing has been read or
   * written, as far as is known: `nowMs` where it waits for something else. Called only where
   * `responseTimeoutMs` is set, some times within that. It must not call the pool.
   */
  readonly silentSince: (connection: Connection<Transport, Request>, nowMs: number) => number
}
