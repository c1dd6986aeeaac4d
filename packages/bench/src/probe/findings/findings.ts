import type { HintHabit } from '@holdfast/core/upstreams'
import type { LateRequest, TlsObservation } from '../observing/observation.ts'

/** Life of an idle connection. */
export type IdleFinding =
  /** The peer ended it: the shortest and the longest time of several. */
  | {
      readonly kind: 'closed'
      readonly shortestMs: number
      readonly longestMs: number
      readonly connections: number
    }
  /** It was open, and answered unless the probe was interrupted. */
  | { readonly kind: 'open'; readonly forMs: number }
  /** It looked open, but a request got no answer after `atMostMs`; one after `openForMs` did. */
  | { readonly kind: 'forgotten'; readonly openForMs: number; readonly atMostMs: number }
  /** The first response was announced as the last. */
  | { readonly kind: 'single-use' }

/** Number of requests that a connection serves. */
export type RequestsFinding =
  | {
      readonly kind: 'cap'
      readonly served: number
      /** Whether the last response said `Connection: close`. */
      readonly announced: boolean
      /** Event after the last response; `nothing`: the server left the close to its client. */
      readonly afterwards: 'fin' | 'reset' | 'nothing'
      /** Connections that ended after this many. */
      readonly connections: number
    }
  | { readonly kind: 'none-seen'; readonly served: number }
  /** Connections ended at this age, at any rate. */
  | { readonly kind: 'age'; readonly shortestMs: number; readonly served: readonly number[] }
  | {
      readonly kind: 'unclear'
      readonly served: readonly number[]
      /** Age at which the first of them ended; null where idleness may have ended it. */
      readonly shortestMs: number | null
      readonly why: string
    }
  | { readonly kind: 'single-use' }
  | { readonly kind: 'not-counted' }

/** Announcement in the server's `Keep-Alive` header; null without one. */
export interface HintFinding {
  /** Habit; null where not both kinds of request were answered. */
  readonly habit: HintHabit | null
  /** First such header, as it came. */
  readonly text: string | null
  readonly timeoutMs: number | null
  readonly max: number | null
  /** Whether `max` counts down, or stays the same. */
  readonly maxCounts: 'down' | 'not' | null
  /** Verdict on the announced time; `unknown`: nothing announced, or no end seen. */
  readonly timeoutVerdict: 'as-announced' | 'earlier' | 'later' | 'unknown'
  readonly maxVerdict: 'as-announced' | 'fewer' | 'more' | 'unknown'
}

/** End of an idle connection; each field is null where it was not seen, or was silent. */
export interface ClosesFinding {
  readonly first: 'server' | null
  readonly how: 'fin' | 'reset' | 'silent' | null
  /** Fate of a request that comes after the FIN. */
  readonly lateRequest: LateRequest | null
}

/** Reaction to a request with `Connection: close`. */
export type CloseRequestFinding =
  | {
      readonly kind: 'closed'
      readonly how: 'fin' | 'reset'
      readonly afterMs: number
      /** Whether the response said `Connection: close`, too. */
      readonly announced: boolean
    }
  | { readonly kind: 'stays-open'; readonly forMs: number; readonly announced: boolean }
  | { readonly kind: 'not-seen' }

/** Meaning of the observations. */
export interface Findings {
  readonly httpVersion: string
  readonly status: number
  readonly server: string | null
  readonly location: string | null
  readonly idle: IdleFinding
  readonly requests: RequestsFinding
  readonly hint: HintFinding
  readonly closes: ClosesFinding
  readonly closeRequest: CloseRequestFinding
  readonly tls: TlsObservation | null
  readonly interrupted: boolean
  /** Further remarks for a reader. */
  readonly notes: readonly string[]
}
