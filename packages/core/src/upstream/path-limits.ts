import { LIMITS } from '../policies/limits.ts'
import { type Bid, bidOf, generalBid, lowest, type Outcome } from './bid.ts'
import { spellMs, spellNumber } from './spell-number.ts'
import type { CloseHabit, Fact, UpstreamProfile } from './upstream-profile.ts'

const NO_LIMIT = Number.POSITIVE_INFINITY

const VERBS: Readonly<Record<CloseHabit, string>> = {
  fin: 'closes',
  reset: 'resets',
  silent: 'silently forgets',
}

/** Describes who ends a connection, and how: `'Apache 2.4 closes'`. */
export const enderOf = ({ title, closes }: UpstreamProfile): string =>
  `${title} ${VERBS[closes?.value ?? 'fin']}`

/** Whether a limit leaves no time at all in which a connection may safely be used again. */
const isWithinMargin = (limitMs: number, marginMs: number): boolean =>
  limitMs - marginMs < LIMITS.idleTimeoutMs.min

const marginText = (limitMs: number, marginMs: number): string =>
  isWithinMargin(limitMs, marginMs)
    ? `${spellMs(limitMs)}, within the margin of ${spellMs(marginMs)}`
    : `${spellMs(limitMs)}, margin ${spellMs(marginMs)}`

/**
 * Subtracts the margin from the limit; returns the shortest time that a policy can express if none
 * is left.
 */
const belowByMargin = (limitMs: number, marginMs: number, shortestMs: number): number =>
  Math.max(shortestMs, limitMs - marginMs)

const isLimit = (fact: Fact<number> | undefined): fact is Fact<number> =>
  fact !== undefined && fact.value !== NO_LIMIT

/** Computes the longest idle time that everything on the path allows. */
export const idleLimit = (path: readonly UpstreamProfile[], marginMs: number): Outcome => {
  const { default: fallbackMs, min } = LIMITS.idleTimeoutMs
  const bids = path.flatMap((profile): Bid[] => {
    const fact = profile.idleTimeoutMs
    if (fact === undefined) {
      const text = `idle ${spellMs(fallbackMs)}: the default, for the idle limit of ${profile.title} is not known`
      return [bidOf(profile, undefined, fallbackMs, text)]
    }
    if (!isLimit(fact)) return []
    const idleMs = belowByMargin(fact.value, marginMs, min)
    const text = `idle ${spellMs(idleMs)}: ${enderOf(profile)} at ${marginText(fact.value, marginMs)}`
    return [bidOf(profile, fact.verification, idleMs, text)]
  })
  const unlimited = generalBid(
    NO_LIMIT,
    'idle without limit: nothing on the path ends an idle connection',
  )
  return lowest(bids, unlimited)
}

/** Computes the greatest age that everything on the path allows, and that names allow. */
export const ageLimit = (path: readonly UpstreamProfile[], marginMs: number): Outcome => {
  const { default: fallbackMs, min } = LIMITS.maxConnectionAgeMs
  const bids = path.flatMap((profile): Bid[] => {
    const fact = profile.maxAgeMs
    if (!isLimit(fact)) return []
    const ageMs = belowByMargin(fact.value, marginMs, min)
    const text = `age ${spellMs(ageMs)}: ${enderOf(profile)} at the age of ${marginText(fact.value, marginMs)}`
    return [bidOf(profile, fact.verification, ageMs, text)]
  })
  const text = `age ${spellMs(fallbackMs)}: the default, after which names are looked up again`
  const byDefault = generalBid(fallbackMs, text)
  return lowest([byDefault, ...bids], byDefault)
}

/** Bids for one request, where a time limit leaves no time for another one. */
const singleUse = (profile: UpstreamProfile, marginMs: number): Bid[] =>
  [profile.idleTimeoutMs, profile.maxAgeMs]
    .filter((fact) => fact !== undefined)
    .filter((fact) => isWithinMargin(fact.value, marginMs))
    .map((fact) => {
      const text = `requests 1: ${enderOf(profile)} at ${marginText(fact.value, marginMs)}`
      return bidOf(profile, fact.verification, 1, text)
    })

/**
 * Bids one request less than the peer's cap, so that this side announces the end of the connection.
 */
const belowCap = (profile: UpstreamProfile): Bid[] => {
  const cap = profile.maxRequests
  if (!isLimit(cap)) return []
  const requests = Math.max(1, cap.value - 1)
  const note = cap.note === undefined ? '' : ` (${cap.note})`
  const text = `requests ${spellNumber(requests)}: ${profile.title} closes after ${spellNumber(cap.value)}${note}`
  return [bidOf(profile, cap.verification, requests, text)]
}

/** Computes the number of requests that everything on the path allows. */
export const requestLimit = (path: readonly UpstreamProfile[], marginMs: number): Outcome =>
  lowest(
    path.flatMap((profile) => [...singleUse(profile, marginMs), ...belowCap(profile)]),
    generalBid(NO_LIMIT, 'requests without limit: nothing on the path counts them'),
  )
