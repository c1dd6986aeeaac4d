// Generated from limits.ts by pnpm docs.

import type { AddressRules } from '../addresses/address-rules.ts'
import type { TcpKeepAlive } from '../tcp/tcp-keep-alive.ts'

/** When connections are kept, checked, replaced and waited for. Every field may be left out. */
export interface PolicyOptions {
  /**
   * A connection idle for this long is closed, by the deadline and not only at the next lease.
   * The default lies below the 60 s of common load balancers.
   *
   * Default: 55_000. Allowed: a number from 1, or Infinity.
   */
  readonly idleTimeoutMs?: number

  /**
   * A connection serves this many requests and is then closed.
   *
   * Default: Infinity. Allowed: a whole number from 1, or Infinity.
   */
  readonly maxRequestsPerConnection?: number

  /**
   * A connection this old takes no further request; one in progress finishes first. The name is
   * then looked up again.
   *
   * Default: 300_000. Allowed: a number from 1, or Infinity.
   */
  readonly maxConnectionAgeMs?: number

  /**
   * The share of `maxConnectionAgeMs` by which a connection may end earlier, drawn at its birth,
   * so that cohorts do not end together.
   *
   * Default: 0.1. Allowed: a number from 0 to 1.
   */
  readonly connectionAgeJitter?: number

  /**
   * A connection is given up this long before the time-out that its server announced; a time-out
   * that is no longer than this allows no reuse.
   *
   * Default: 1_000. Allowed: a number from 0, or Infinity.
   */
  readonly serverHintMarginMs?: number

  /**
   * Requests of one origin that may wait without a dial of their own; a further one fails at once
   * with `ERR_HOLDFAST_QUEUE_FULL`.
   *
   * Default: Infinity. Allowed: a whole number from 0, or Infinity.
   */
  readonly maxQueuedRequests?: number

  /**
   * A request that waits for a connection for this long fails with
   * `ERR_HOLDFAST_ACQUIRE_TIMEOUT`. Where the event loop was blocked, a dial that has succeeded
   * in that time counts first.
   *
   * Default: Infinity. Allowed: a number from 1, or Infinity.
   */
  readonly acquireTimeoutMs?: number

  /**
   * A request that is sent and hears nothing for this long, before its response or within it,
   * fails with `ERR_HOLDFAST_RESPONSE_TIMEOUT`, at most an eighth of the time later, and its
   * connection is destroyed. Time in which it waits for its caller does not count: for more of
   * its body, or for somebody to read its response.
   *
   * Default: Infinity. Allowed: a number from 1, or Infinity.
   */
  readonly responseTimeoutMs?: number

  /**
   * Dials that one origin may have in progress at once.
   *
   * Default: Infinity. Allowed: a whole number from 1, or Infinity.
   */
  readonly maxConnectingPerOrigin?: number

  /**
   * Idle connections of one origin that are kept ready: missing ones are dialled where the caps
   * leave room that nobody else waits for, for as long as a request used the origin within
   * `idleTimeoutMs`. Where such a dial fails, or its connection is lost before it has served a
   * request, the origin is left alone for 1 s, and for twice as long each further time, up to 30
   * s.
   *
   * Default: 0. Allowed: a whole number from 0 to 10000.
   */
  readonly minIdlePerOrigin?: number

  /**
   * How long a connection that has served its last request waits for its peer to close first, so
   * that TIME_WAIT stays with the peer; at most 50 ms where a request is queued that needs the
   * place.
   *
   * Default: 1_000. Allowed: a number from 0 to 60000.
   */
  readonly peerCloseWaitMs?: number

  /**
   * Where the peer closes connections after some idle time, later ones of that origin are given
   * up at 0.8 of it. The limit widens again by 5 % each time that it ended a connection before
   * the peer did.
   *
   * Default: true. Allowed: true or false.
   */
  readonly learnIdleLimit?: boolean

  /**
   * Whether the server's `Keep-Alive: timeout=…, max=…` limits how long, and for how many
   * requests, a connection is used.
   *
   * Default: 'honor'. Allowed: one of 'honor', 'ignore'.
   */
  readonly serverHints?: 'honor' | 'ignore'

  /**
   * How an idle connection is checked before it is reused: `'peek'` looks at the socket at once,
   * `'fence'` has the request written after the event loop has read once more, which takes two
   * turns, `'none'` does not look. One that was in use less than 2 ms ago is checked only for a
   * request that `replay` could not save.
   *
   * Default: 'peek'. Allowed: one of 'peek', 'fence', 'none'.
   */
  readonly staleCheck?: 'peek' | 'fence' | 'none'

  /**
   * Who gets a dialled connection: `'early'` gives it to the request that it was dialled for, and
   * only requests that the caps keep from a dial wait for whatever comes first; `'late'` lets
   * every waiting request take whatever comes first, a dial or a connection that is given back.
   * The dispatcher's default is `'late'`.
   *
   * Default: 'early'. Allowed: one of 'early', 'late'.
   */
  readonly binding?: 'early' | 'late'

  /**
   * Which requests are sent again, once and on a fresh connection, where one that was not dialled
   * for them turned out dead before the first byte of a response: `'safe'` those of GET, HEAD,
   * OPTIONS, TRACE and QUERY, or with an `Idempotency-Key`; `'idempotent'` those of PUT and
   * DELETE as well; `'never'` none.
   *
   * Default: 'safe'. Allowed: one of 'safe', 'idempotent', 'never'.
   */
  readonly replay?: 'safe' | 'idempotent' | 'never'

  /**
   * Whether idle connections are closed before their time where traffic has gone down:
   * `'adaptive'` closes, every 5 s, half of those of an origin beyond the decayed peak of its
   * connections in use at once, and leaves `minIdlePerOrigin`.
   *
   * Default: 'none'. Allowed: one of 'none', 'adaptive'.
   */
  readonly trim?: 'none' | 'adaptive'

  /**
   * How connections end: `'peer-first'` lets the peer close first after a last request that was
   * announced as such, `'fin'` closes at once, and both end idle connections by FIN; `'reset'`
   * ends those by RST, which leaves TIME_WAIT to neither side.
   *
   * Default: 'peer-first'. Allowed: one of 'peer-first', 'fin', 'reset'.
   */
  readonly closeMode?: 'peer-first' | 'fin' | 'reset'

  /**
   * TCP probes, which find dead peers and keep middleboxes from forgetting a silent connection:
   * after `delayMs` of silence one every `intervalMs`, until `probes` of them were not answered.
   * They have nothing to do with HTTP keep-alive.
   *
   * Default: { delayMs: 30_000, intervalMs: 5_000, probes: 3 }. Allowed: false, or an object of
   * any of delayMs (a number from 1000 to 32767000), intervalMs (a number from 1000 to 32767000),
   * probes (a whole number from 1 to 127).
   */
  readonly tcpKeepAlive?: Partial<TcpKeepAlive> | false

  /**
   * The use of a name that stands for several IP addresses, which may change: an answer of the
   * resolver serves all dials for `refreshMs`, and names in use are then looked up again; the
   * last answer serves for `staleMs` while the resolver fails; `spread` sends dials and requests
   * to the address with the fewest of them; a dial that is not through after `attemptTimeoutMs`
   * goes on, and the next address is tried beside it. `false` for Node's way: one lookup a dial,
   * and the first address.
   *
   * Default: { refreshMs: 30_000, staleMs: 300_000, attemptTimeoutMs: 250, spread: true }.
   * Allowed: false, or an object of any of refreshMs (a number from 1 to 2147483647), staleMs (a
   * number from 1, or Infinity), attemptTimeoutMs (a number from 10 to 2147483647), spread (true
   * or false).
   */
  readonly addresses?: Partial<AddressRules> | false
}
