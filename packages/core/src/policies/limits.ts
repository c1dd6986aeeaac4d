import { type Bounds, describeBounds } from '../bounds.ts'

/** What a numeric field of the policy accepts. Both bounds are included. */
export interface Limit extends Bounds {
  readonly default: number
  /** What the field means, for the README's table and the docstrings. */
  readonly about: string
}

export type NumericField =
  | 'idleTimeoutMs'
  | 'maxRequestsPerConnection'
  | 'maxConnectionAgeMs'
  | 'connectionAgeJitter'
  | 'serverHintMarginMs'
  | 'maxQueuedRequests'
  | 'acquireTimeoutMs'
  | 'maxConnectingPerOrigin'
  | 'peerCloseWaitMs'

/** The one place for defaults and bounds: checks, docstrings and the README's table follow it. */
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
      'A request that waits for a connection for this long fails with `ERR_HOLDFAST_ACQUIRE_TIMEOUT`.',
  },
  maxConnectingPerOrigin: {
    default: Number.POSITIVE_INFINITY,
    min: 1,
    max: Number.POSITIVE_INFINITY,
    isInteger: true,
    about: 'Dials that one origin may have in progress at once.',
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

/** What a field with named values accepts. The first value is the default. */
export interface Choice {
  readonly values: readonly string[]
  readonly about: string
}

/** What a field that is on or off means. */
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

export type ChoiceField = 'serverHints' | 'staleCheck'

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
      "How an idle connection is checked before it is reused: `'peek'` looks at the socket at once, `'fence'` waits two turns of the event loop, `'none'` hopes.",
  },
}

/** The values a numeric field accepts, in words. */
export const describeLimit = (limit: Limit): string => describeBounds(limit)

/** The values a field with named values accepts, in words. */
export const describeChoices = (values: readonly string[]): string =>
  `one of ${values.map((value) => `'${value}'`).join(', ')}`
