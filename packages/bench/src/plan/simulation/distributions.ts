import type { Random } from '../../statistics/seeded-random.ts'

/** How values spread around their mean. */
export type Spread =
  | { readonly kind: 'constant' }
  | { readonly kind: 'exponential' }
  /** `sigma`: the standard deviation of the logarithm. */
  | { readonly kind: 'lognormal'; readonly sigma: number }

/** How requests come. */
export type Arrivals =
  | Spread
  /** So many at the same instant, at equal distances. */
  | { readonly kind: 'bursts'; readonly size: number }

/** One value of a distribution with that mean. */
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

/** One value of the standard normal distribution (Box and Muller). */
function drawNormal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

/**
 * The next instant, after `nowMs`, at which requests come, at `perMs` of them on average, and how
 * many. Bursts come at multiples of their distance, whoever asks: all replicas of a fleet have
 * theirs together, as a scheduler or a cache that expires would make them.
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
