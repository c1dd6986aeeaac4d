import type { Random } from '../../statistics/seeded-random.ts'

/** Distribution of values around their mean. */
export type Spread =
  | { readonly kind: 'constant' }
  | { readonly kind: 'exponential' }
  /** `sigma`: standard deviation of the logarithm. */
  | { readonly kind: 'lognormal'; readonly sigma: number }

/** Arrivals of requests. */
export type Arrivals =
  | Spread
  /** Requests at the same instant, at equal distances. */
  | { readonly kind: 'bursts'; readonly size: number }

/** Draws a value of a distribution with that mean. */
export function draw(spread: Spread, mean: number, random: Random): number {
  switch (spread.kind) {
    case 'constant':
      return mean
    case 'exponential':
      return -mean * Math.log(1 - random())
    case 'lognormal':
      return mean * Math.exp(spread.sigma * drawNormal(random) - spread.sigma ** 2 / 2)
    default:
      return spread satisfies never
  }
}

/** Draws a value of the standard normal distribution (Box and Muller). */
function drawNormal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

/**
 * Next instant, after `nowMs`, at which requests come, at `perMs` of them on average, and their
 * number. Bursts come at multiples of their distance for every caller: all replicas of a fleet have
 * theirs together, as after a scheduler or an expiring cache.
 */
export function nextArrival(
  arrivals: Arrivals,
  perMs: number,
  nowMs: number,
  random: Random,
): { readonly atMs: number; readonly count: number } {
  if (arrivals.kind !== 'bursts') {
    return { atMs: nowMs + draw(arrivals, 1 / perMs, random), count: 1 }
  }
  const distanceMs = arrivals.size / perMs
  return { atMs: (Math.round(nowMs / distanceMs) + 1) * distanceMs, count: arrivals.size }
}
