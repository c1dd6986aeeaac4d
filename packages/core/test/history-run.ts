import { PoolComparison } from './pool-comparison.ts'
import { type HistoryPlan, STEP_COUNT } from './pool-history.ts'

/** How a history ended that the pool did not go through like the reference. */
export interface Failure {
  /** The steps up to the one at which they differ. */
  readonly codes: readonly number[]
  /** All of these steps and what came of them, and the difference. */
  readonly story: string
}

/** How many of the steps before the last one a story tells. */
const STORY_LENGTH = 40

/**
 * Lets the history happen to the pool and the reference.
 *
 * @param thoroughEvery How many steps go by between one comparison of what is counted and the next.
 */
export const runHistory = (
  plan: HistoryPlan,
  codes: readonly number[],
  thoroughEvery = 1,
): Failure | undefined => {
  const comparison = new PoolComparison(plan)
  for (const [index, code] of codes.entries()) {
    try {
      comparison.take(code, index % thoroughEvery === 0)
    } catch (error) {
      const failing = codes.slice(0, index + 1)
      return { codes: failing, story: tellStory(plan, failing, String(error)) }
    }
  }
  return undefined
}

const tellStory = (plan: HistoryPlan, codes: readonly number[], end: string): string => {
  const comparison = new PoolComparison(plan)
  const lines = codes.slice(0, -1).map((code) => {
    comparison.take(code, false)
    return comparison.told
  })
  const left = lines.slice(-STORY_LENGTH)
  const skipped = lines.length - left.length
  const beginning = skipped > 0 ? [`… ${skipped} steps before`] : []
  return [JSON.stringify(plan), ...beginning, ...left, end].join('\n')
}

/** Steps that chance chooses: the same seed, the same steps (Park and Miller's generator). */
export const seededSteps = (seed: number, length: number): number[] => {
  const modulus = 2 ** 31 - 1
  let state = 1 + (seed % (modulus - 1))
  return Array.from({ length }, () => {
    state = (state * 48_271) % modulus
    return Math.floor((state / modulus) * STEP_COUNT)
  })
}

/**
 * Leaves out whatever the failure does not need, in ever smaller pieces. Each attempt may fail in its
 * own way; any failure will do.
 */
export const shorten = (plan: HistoryPlan, failure: Failure, maxAttempts = 400): Failure => {
  let shortest = failure
  let attempts = 0
  for (let size = Math.ceil(failure.codes.length / 2); size > 0; size = Math.floor(size / 2)) {
    for (let start = 0; start < shortest.codes.length && attempts < maxAttempts; attempts++) {
      const { codes } = shortest
      const rest = [...codes.slice(0, start), ...codes.slice(start + size)]
      const shorter = runHistory(plan, rest, Math.ceil(rest.length / 400))
      if (shorter === undefined) start += size
      else shortest = shorter
    }
  }
  return shortest
}
