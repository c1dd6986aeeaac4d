/** Median of a sample, with its interval. */
export interface MedianInterval {
  readonly median: number
  readonly low: number
  readonly high: number
  /**
   * Probability from 0 to 1 that the interval covers the true median, whatever the distribution.
   */
  readonly coverage: number
}

/** Wanted coverage of an interval; fewer than six values cannot reach it. */
export const WANTED_COVERAGE = 0.95

/** Middle value, or the mean of the two middle ones; undefined for an empty sample. */
export function medianOf(values: readonly number[]): number | undefined {
  const sorted = values.toSorted((a, b) => a - b)
  const upper = sorted[Math.floor(sorted.length / 2)]
  const lower = sorted[Math.ceil(sorted.length / 2) - 1]
  return upper === undefined || lower === undefined ? undefined : (lower + upper) / 2
}

/**
 * Narrowest pair of order statistics, equally far from both ends, that covers the median with
 * {@link WANTED_COVERAGE}; the smallest and largest value where none does. Exact, without any
 * assumption about the distribution.
 */
export function medianInterval(values: readonly number[]): MedianInterval | undefined {
  const sorted = values.toSorted((a, b) => a - b)
  const median = medianOf(sorted)
  const { rank, coverage } = innermostRank(sorted.length)
  const low = sorted[rank - 1]
  const high = sorted.at(-rank)
  if (median === undefined || low === undefined || high === undefined) return
  return { median, low, high, coverage }
}

/**
 * Highest rank, counted from 1 at either end, whose pair still covers enough. A pair misses the
 * median when fewer than `rank` of `count` fair coins show heads, or fewer than that tails.
 */
function innermostRank(count: number): { readonly rank: number; readonly coverage: number } {
  let exactly = 2 ** -count
  let fewer = exactly
  let rank = 1
  while (rank < count / 2) {
    exactly *= (count - rank + 1) / rank
    if (1 - 2 * (fewer + exactly) < WANTED_COVERAGE) break
    fewer += exactly
    rank += 1
  }
  return { rank, coverage: Math.max(0, 1 - 2 * fewer) }
}
