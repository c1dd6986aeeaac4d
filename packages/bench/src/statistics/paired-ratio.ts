import { medianInterval, WANTED_COVERAGE } from './median-interval.ts'

/** Verdict on a ratio. */
export type Verdict = 'faster' | 'slower' | 'unsure'

/** Ratio of one participant's metric to another's, measured in the same blocks. */
export interface PairedRatio {
  /** Median over the blocks of candidate divided by reference. */
  readonly ratio: number
  readonly low: number
  readonly high: number
  /** Probability from 0 to 1 that `low` to `high` covers the true median ratio. */
  readonly coverage: number
  /** Blocks in which both values were valid. */
  readonly blocks: number
}

/** Values of candidate and reference in one block. */
export type Pair = readonly [candidate: number, reference: number]

/**
 * Ratio of pairs. Pairs cancel what the machine did to both slices of a block, and logarithms make
 * a/b and b/a the same finding. Undefined without pairs.
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
 * Largest factor, at least 1, by which the baseline still seems to differ from itself. Undefined
 * where the run was too short to know.
 */
export function noiseFloorOf(baselineAgainstItself: PairedRatio | undefined): number | undefined {
  if (baselineAgainstItself === undefined) return
  if (baselineAgainstItself.coverage < WANTED_COVERAGE) return
  return Math.max(1 / baselineAgainstItself.low, baselineAgainstItself.high)
}

/** Verdict: a difference is claimed only if the whole interval lies beyond the noise floor. */
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
