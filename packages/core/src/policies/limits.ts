import { ADDRESS_LIMITS } from '../addresses/address-rules.ts'
import { type Bounds, describeBounds } from '../options/bounds.ts'
import { TCP_KEEP_ALIVE_LIMITS } from '../tcp/tcp-keep-alive.ts'

/**
 * The accepted range and the default of a numeric field of the policy. Both bounds are included.
 */
export interface Limit extends Bounds {
  /** The value of a field that is left out. */
  readonly default: number
  /** The meaning of the field, for docs/options.md and the docstrings. */
  readonly about: string
}

/** The name of a numeric field of the policy. */
export type NumericField =
  | 'idleTimeoutMs'
  | 'maxRequestsPerConnection'
  | 'maxConnectionAgeMs'
  | 'connectionAgeJitter'
  | 'serverHintMarginMs'
  | 'maxQueuedRequests'
  | 'acquireTimeoutMs'
  | 'responseTimeoutMs'
  | 'maxConnectingPerOrigin'
  | 'minIdlePerOrigin'
  | 'peerCloseWaitMs'

/** Defaults and bounds of the numeric fields. Checks, docstrings and docs/options.md follow it. */
export const LIMITS: Readonly<Record<NumericField, Limit>> = {
  idleTimeoutMs: {
    default: 55_000,
    min: 1,
    max: Number.POSITIVE_INFINITY,
    isInteger: false,
    about:
      'A connection idle for this long is closed, by the deadline and not only at the next lease. The default lies below the 60 s of common load balancers.',
  },
  maxRequestsPerConnection: {
    default: Number.POSITIVE_INFINITY,
    min: 1,
    max: Number.POSITIVE_INFINITY,
    isInteger: true,
    about: 'A connection serves this many requests and is then closed.',
  },
  maxConnectionAgeMs: {
    default: 300_000,
    min: 1,
    max: Number.POSITIVE_INFINITY,
    isInteger: false,
    about:
      'A connection this old takes no further request; one in progress finishes first. The name is then looked up again.',
  },
  connectionAgeJitter: {
    default: 0.1,
    min: 0,
    max: 1,
    isInteger: false,
    about:
      'The share of `maxConnectionAgeMs` by which a connection may end earlier, drawn at its birth, so that cohorts do not end together.',
  },
  serverHintMarginMs: {
    default: 1000,
    min: 0,
    max: Number.POSITIVE_INFINITY,
    isInteger: false,
    about:
      'A connection is given up this long before the time-out that its server announced; a time-out that is no longer than this allows no reuse.',
  },
  maxQueuedRequests: {
    default: Number.POSITIVE_INFINITY,
    min: 0,
    max: Number.POSITIVE_INFINITY,
    isInteger: true,
    about:
      'Requests of one origin that may wait without a dial of their own; a further one fails at once with `ERR_HOLDFAST_QUEUE_FULL`.',
  },
  acquireTimeoutMs: {
    default: Number.POSITIVE_INFINITY,
    min: 1,
    max: Number.POSITIVE_INFINITY,
    isInteger: false,
    about:
      'A request that waits for a connection for this long fails with `ERR_HOLDFAST_ACQUIRE_TIMEOUT`. Where the event loop was blocked, a dial that has succeeded in that time counts first.',
  },
  responseTimeoutMs: {
    default: Number.POSITIVE_INFINITY,
    min: 1,
    max: Number.POSITIVE_INFINITY,
    isInteger: false,
    about:
      'A request that is sent and hears nothing for this long, before its response or within it, fails with `ERR_HOLDFAST_RESPONSE_TIMEOUT`, at most an eighth of the time later, and its connection is destroyed. Time in which it waits for its caller does not count: for more of its body, or for somebody to read its response.',
  },
  maxConnectingPerOrigin: {
    default: Number.POSITIVE_INFINITY,
    min: 1,
    max: Number.POSITIVE_INFINITY,
    isInteger: true,
    about: 'Dials that one origin may have in progress at once.',
  },
  minIdlePerOrigin: {
    default: 0,
    min: 0,
    max: 10_000,
    isInteger: true,
    about:
      'Idle connections of one origin that are kept ready: missing ones are dialled where the caps leave room that nobody else waits for, for as long as a request used the origin within `idleTimeoutMs`. Where such a dial fails, or its connection is lost before it has served a request, the origin is left alone for 1 s, and for twice as long each further time, up to 30 s.',
  },
  peerCloseWaitMs: {
    default: 1000,
    min: 0,
    max: 60_000,
    isInteger: false,
    about:
      'How long a connection that has served its last request waits for its peer to close first, so that TIME_WAIT stays with the peer; at most 50 ms where a request is queued that needs the place.',
  },
}

/** The values of a field with named values. The first one is the default. */
export interface Choice {
  readonly values: readonly string[]
  readonly about: string
}

/** The default and the meaning of a field that is on or off. */
export interface Flag {
  readonly default: boolean
  readonly about: string
}

export type FlagField = 'learnIdleLimit'

/** The counterpart of {@link LIMITS} for the fields that are on or off. */
export const FLAGS: Readonly<Record<FlagField, Flag>> = {
  learnIdleLimit: {
    default: true,
    about:
      'Where the peer closes connections after some idle time, later ones of that origin are given up at 0.8 of it. The limit widens again by 5 % each time that it ended a connection before the peer did.',
  },
}

export type ChoiceField = 'serverHints' | 'staleCheck' | 'binding' | 'replay' | 'trim' | 'closeMode'

/** The counterpart of {@link LIMITS} for the fields with named values. */
export const CHOICES: Readonly<Record<ChoiceField, Choice>> = {
  serverHints: {
    values: ['honor', 'ignore'],
    about:
      "Whether the server's `Keep-Alive: timeout=…, max=…` limits how long, and for how many requests, a connection is used.",
  },
  staleCheck: {
    values: ['peek', 'fence', 'none'],
    about:
      "How an idle connection is checked before it is reused: `'peek'` looks at the socket at once, `'fence'` has the request written after the event loop has read once more, which takes two turns, `'none'` does not look. One that was in use less than 2 ms ago is checked only for a request that `replay` could not save.",
  },
  binding: {
    values: ['early', 'late'],
    about:
      "Who gets a dialled connection: `'early'` gives it to the request that it was dialled for, and only requests that the caps keep from a dial wait for whatever comes first; `'late'` lets every waiting request take whatever comes first, a dial or a connection that is given back. The dispatcher's default is `'late'`.",
  },
  replay: {
    values: ['safe', 'idempotent', 'never'],
    about:
      "Which requests are sent again, once and on a fresh connection, where one that was not dialled for them turned out dead before the first byte of a response: `'safe'` those of GET, HEAD, OPTIONS, TRACE and QUERY, or with an `Idempotency-Key`; `'idempotent'` those of PUT and DELETE as well; `'never'` none.",
  },
  trim: {
    values: ['none', 'adaptive'],
    about:
      "Whether idle connections are closed before their time where traffic has gone down: `'adaptive'` closes, every 5 s, half of those of an origin beyond the decayed peak of its connections in use at once, and leaves `minIdlePerOrigin`.",
  },
  closeMode: {
    values: ['peer-first', 'fin', 'reset'],
    about:
      "How connections end: `'peer-first'` lets the peer close first after a last request that was announced as such, `'fin'` closes at once, and both end idle connections by FIN; `'reset'` ends those by RST, which leaves TIME_WAIT to neither side.",
  },
}

/** The members of a field that is an object of numbers and flags, or `false` to switch it off. */
export interface Group {
  readonly limits: Readonly<Record<string, Bounds & { readonly default: number }>>
  /** The defaults of its members that are on or off. */
  readonly flags: Readonly<Record<string, boolean>>
  readonly about: string
}

export type GroupField = 'tcpKeepAlive' | 'addresses'

/** The counterpart of {@link LIMITS} for the fields that are objects. */
export const GROUPS: Readonly<Record<GroupField, Group>> = {
  tcpKeepAlive: {
    limits: TCP_KEEP_ALIVE_LIMITS,
    flags: {},
    about:
      'TCP probes, which find dead peers and keep middleboxes from forgetting a silent connection: after `delayMs` of silence one every `intervalMs`, until `probes` of them were not answered. They have nothing to do with HTTP keep-alive.',
  },
  addresses: {
    limits: ADDRESS_LIMITS,
    flags: { spread: true },
    about:
      "The use of a name that stands for several IP addresses, which may change: an answer of the resolver serves all dials for `refreshMs`, and names in use are then looked up again; the last answer serves for `staleMs` while the resolver fails; `spread` sends dials and requests to the address with the fewest of them; a dial that is not through after `attemptTimeoutMs` goes on, and the next address is tried beside it. `false` for Node's way: one lookup a dial, and the first address.",
  },
}

/** Describes the values that a numeric field accepts. */
export const describeLimit = (limit: Limit): string => describeBounds(limit)

/** Describes the values that an object field accepts. */
export const describeGroup = ({ flags, limits }: Group): string => {
  const numbers = Object.entries(limits).map(([key, limit]) => `${key} (${describeBounds(limit)})`)
  const switches = Object.keys(flags).map((key) => `${key} (true or false)`)
  return `false, or an object of any of ${[...numbers, ...switches].join(', ')}`
}

/** Describes the values that a field with named values accepts. */
export const describeChoices = (values: readonly string[]): string =>
  `one of ${values.map((value) => `'${value}'`).join(', ')}`
