import { medianInterval, WANTED_COVERAGE } from './median-interval.ts'

/** What may be said about a ratio. */
export type Verdict = 'faster' | 'slower' | 'unsure'

/** How one participant's metric compares with another's, measured in the same blocks. */
export interface PairedRatio {
  /** Median over the blocks of candidate divided by reference. */
  readonly ratio: number
  readonly low: number
  readonly high: number
  /** Chance from 0 to 1 that `low` to `high` covers the true median ratio. */
  readonly coverage: number
  /** Blocks in which both values were valid. */
  readonly blocks: number
}

/** One block's values of candidate and reference. */
export type Pair = readonly [candidate: number, reference: number]

/**
 * Pairs cancel what the machine did to both slices of a block, and logarithms make a/b and b/a
 * the same finding. Undefined without pairs.
 */
export function pairedRatio(pairs: readonly Pair[]): PairedRatio | undefined {
  const logs = pairs.map(([candidate, reference]) => Math.log(candidate / reference))
  const interval = medianInterval(logs)
  if (interval === undefined) return
  return {
    ratio: Math.exp(interval.median),
    low: Math.exp(interval.low),
    high: Math.exp(interval.high),
    coverage: interval.coverage,
    blocks: pairs.length,
  }
}

/**
 * The largest factor, at least 1, by which the baseline still seems to differ from itself.
 * Undefined where the run was too short to know.
 */
export function noiseFloorOf(baselineAgainstItself: PairedRatio | undefined): number | undefined {
  if (baselineAgainstItself === undefined) return
  if (baselineAgainstItself.coverage < WANTED_COVERAGE) return
  return Math.max(1 / baselineAgainstItself.low, baselineAgainstItself.high)
}

/** A difference is claimed only if the whole interval lies beyond the noise floor. */
export function verdictOf(
  ratio: PairedRatio,
  noiseFloor: number | undefined,
  lowerIsBetter: boolean,
): Verdict {
  if (noiseFloor === undefined || ratio.coverage < WANTED_COVERAGE) return 'unsure'
  if (ratio.high < 1 / noiseFloor) return lowerIsBetter ? 'faster' : 'slower'
  if (ratio.low > noiseFloor) return lowerIsBetter ? 'slower' : 'faster'
  return 'unsure'
}
