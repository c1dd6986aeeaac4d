import type { HintHabit } from '@holdfast/core/upstreams'
import type { LateRequest, TlsObservation } from '../observing/observation.ts'

/** How long an idle connection lasts. */
export type IdleFinding =
  /** The peer ended it after this long, the shortest and the longest of several. */
  | {
      readonly kind: 'closed'
      readonly shortestMs: number
      readonly longestMs: number
      readonly connections: number
    }
  /** It was open and, unless the probe was interrupted, answered after this long. */
  | { readonly kind: 'open'; readonly forMs: number }
  /** It looked open, but a request got no answer after `atMostMs`; one after `openForMs` did. */
  | { readonly kind: 'forgotten'; readonly openForMs: number; readonly atMostMs: number }
  /** The first response was announced as the last. */
  | { readonly kind: 'single-use' }

/** How many requests a connection serves. */
export type RequestsFinding =
  | {
      readonly kind: 'cap'
      readonly served: number
      /** Whether the last response said `Connection: close`. */
      readonly announced: boolean
      /** What followed the last response; `nothing`: the server left the close to its client. */
      readonly afterwards: 'fin' | 'reset' | 'nothing'
      /** How many connections ended after this many. */
      readonly connections: number
    }
  | { readonly kind: 'none-seen'; readonly served: number }
  /** Whatever the rate, connections ended at this age. */
  | { readonly kind: 'age'; readonly shortestMs: number; readonly served: readonly number[] }
  | {
      readonly kind: 'unclear'
      readonly served: readonly number[]
      /** The age at which the first of them ended; null where idleness may have ended it. */
      readonly shortestMs: number | null
      readonly why: string
    }
  | { readonly kind: 'single-use' }
  | { readonly kind: 'not-counted' }

/** What the server announces in its `Keep-Alive` header; null where it does not. */
export interface HintFinding {
  /** Null: not known, because not both kinds of request were answered. */
  readonly habit: HintHabit | null
  /** The first such header, as it came. */
  readonly text: string | null
  readonly timeoutMs: number | null
  readonly max: number | null
  /** Whether `max` says what is left, or the same each time. */
  readonly maxCounts: 'down' | 'not' | null
  /** Whether connections end when it says; `unknown`: nothing announced, or no end seen. */
  readonly timeoutVerdict: 'as-announced' | 'earlier' | 'later' | 'unknown'
  readonly maxVerdict: 'as-announced' | 'fewer' | 'more' | 'unknown'
}

/** How an idle connection ends; each null where that has not been seen, or was silent. */
export interface ClosesFinding {
  readonly first: 'server' | null
  readonly how: 'fin' | 'reset' | 'silent' | null
  /** What becomes of a request that comes after the FIN. */
  readonly lateRequest: LateRequest | null
}

/** What follows a request with `Connection: close`. */
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

/** What the observations mean. */
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
  /** What else a reader should know. */
  readonly notes: readonly string[]
}
