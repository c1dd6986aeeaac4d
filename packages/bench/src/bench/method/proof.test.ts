import { describe, expect, it } from 'vitest'
import {
  noiseFloorOf,
  type Pair,
  pairedRatio,
  type Verdict,
  verdictOf,
} from '../../statistics/paired-ratio.ts'
import { type Random, seededRandom } from '../../statistics/seeded-random.ts'

const REPETITIONS = 20

/** Blocks that tell 10 % apart in the noise below. */
const BLOCKS = 60

/** Costs of a variant in each block of a run. */
interface SimulatedRun {
  readonly baseline: readonly number[]
  readonly again: readonly number[]
  readonly candidate: readonly number[]
}

/** Draws a normal sample from twelve uniform ones, which are enough here. */
function normal(random: Random): number {
  let sum = -6
  for (let sample = 0; sample < 12; sample++) sum += random()
  return sum
}

/**
 * Slices of a machine that others use, too: its speed drifts and jumps from block to block, which
 * all slices of a block share; each slice has noise of its own, and one in fifteen is disturbed.
 *
 * @param factor how much more the candidate costs than the baseline
 */
function simulate(seed: number, factor: number): SimulatedRun {
  const random = seededRandom(seed)
  const slice = (speed: number): number =>
    speed * Math.exp(0.05 * normal(random)) * (random() < 1 / 15 ? 1 + random() : 1)
  const runs = Array.from({ length: BLOCKS }, (_, block) => {
    const speed = 25 * Math.exp(0.1 * normal(random) + 0.2 * Math.sin(block / 7))
    return [slice(speed), slice(speed), slice(speed * factor)] as const
  })
  return {
    baseline: runs.map(([baseline]) => baseline),
    again: runs.map(([, again]) => again),
    candidate: runs.map(([, , candidate]) => candidate),
  }
}

function verdictIn({ baseline, again, candidate }: SimulatedRun): Verdict {
  const pairsWith = (values: readonly number[]): Pair[] =>
    values.map((value, block): Pair => [value, baseline[block] ?? Number.NaN])
  const ratio = pairedRatio(pairsWith(candidate))
  if (ratio === undefined) throw new Error('nothing was simulated')
  return verdictOf(ratio, noiseFloorOf(pairedRatio(pairsWith(again))), true)
}

/** Count of each verdict over the repetitions, each with a seed of its own. */
function verdicts(factor: number): Record<Verdict, number> {
  const counts = { faster: 0, slower: 0, unsure: 0 }
  for (let seed = 1; seed <= REPETITIONS; seed++) counts[verdictIn(simulate(seed, factor))] += 1
  return counts
}

describe('of twenty runs on a noisy machine', () => {
  it('at least nineteen are unsure of a variant against itself', () => {
    expect(verdicts(1).unsure).toBeGreaterThanOrEqual(19)
  })

  it('at least nineteen find a variant that costs 10 % more', () => {
    const { slower, faster } = verdicts(1.1)
    expect(slower).toBeGreaterThanOrEqual(19)
    expect(faster).toBe(0)
  })

  it('none takes a variant that costs 1 % more for a faster one', () => {
    expect(verdicts(1.01).faster).toBe(0)
  })
})
