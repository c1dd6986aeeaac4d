import type { UpstreamProfile, Verification } from './upstream-profile.ts'

/** Why a field of a policy is what it is. */
export interface Reason {
  /** For people: `'idle 4 000 ms: Apache 2.4 closes at 5 000 ms, margin 1 000 ms'`. */
  readonly text: string
  /** The profile that decided; `undefined` where none did. */
  readonly profile: string | undefined
  /** How well the value that decided is known; `undefined` where it is not a profile's. */
  readonly verification: Verification | undefined
}

/** The most that one profile lets a field be. */
export interface Bid {
  readonly value: number
  readonly reason: Reason
}

/** A bid of nobody in particular. */
export const generalBid = (value: number, text: string): Bid => ({
  value,
  reason: Object.freeze({ text, profile: undefined, verification: undefined }),
})

/** A bid that follows from a fact of a profile. */
export const bidOf = (
  profile: UpstreamProfile,
  verification: Verification | undefined,
  value: number,
  text: string,
): Bid => ({ value, reason: Object.freeze({ text, profile: profile.name, verification }) })

/** What all bids together leave. */
export interface Outcome {
  readonly value: number
  readonly reasons: readonly Reason[]
}

/**
 * The lowest bid wins, whoever else may bid and in whatever order: so a longer path is never treated
 * less carefully. Bids that are equal all count as reasons.
 *
 * @param fallback What holds where nobody bids.
 */
export const lowest = (bids: readonly Bid[], fallback: Bid): Outcome => {
  const heard = bids.length === 0 ? [fallback] : bids
  const value = Math.min(...heard.map((bid) => bid.value))
  const reasons = new Map(
    heard
      .filter((bid) => bid.value === value)
      .map(({ reason }) => [JSON.stringify(reason), reason]),
  )
  const sorted = [...reasons].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, reason]) => reason)
  return { value, reasons: Object.freeze(sorted) }
}
