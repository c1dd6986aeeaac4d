import type { UpstreamProfile, Verification } from './upstream-profile.ts'

/** A reason for the value of a field of a policy. */
export interface Reason {
  /** Text for people, such as `'idle 4 000 ms: Apache 2.4 closes at 5 000 ms, margin 1 000 ms'`. */
  readonly text: string
  /** The profile that decided; `undefined` where none did. */
  readonly profile: string | undefined
  /** The evidence for the value that decided; `undefined` where it is not a profile's. */
  readonly verification: Verification | undefined
}

/** An upper bound of one profile for a field. */
export interface Bid {
  readonly value: number
  readonly reason: Reason
}

/** Makes a bid that no profile made. */
export const generalBid = (value: number, text: string): Bid => ({
  value,
  reason: Object.freeze({ text, profile: undefined, verification: undefined }),
})

/** Makes a bid from a fact of a profile. */
export const bidOf = (
  profile: UpstreamProfile,
  verification: Verification | undefined,
  value: number,
  text: string,
): Bid => ({ value, reason: Object.freeze({ text, profile: profile.name, verification }) })

/** The result of all bids together. */
export interface Outcome {
  readonly value: number
  readonly reasons: readonly Reason[]
}

/**
 * Picks the lowest bid, in any order, so that a longer path never gets looser values. All equal
 * bids count as reasons.
 *
 * @param fallback Result where there are no bids.
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
