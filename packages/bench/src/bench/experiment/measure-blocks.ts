import { seededRandom } from '../../statistics/seeded-random.ts'
import { shuffled } from '../../statistics/shuffled.ts'
import type { Block, Scenario, Slice } from '../bench-result.ts'
import { calibratedAmount, pilotAmount } from '../method/calibrated-amount.ts'
import { plannedAmount } from '../workloads/workload.ts'
import type { RunContext } from './run-context.ts'
import { runSlice } from './run-slice.ts'

const SEEDS = 2 ** 32

/** Warm-up blocks of a workload with a fixed amount of requests, to compile the code. */
const PLANNED_WARM_UP_BLOCKS = 1

/**
 * Warm-up blocks of a workload whose amount follows from speed. Compiled code is several times
 * faster, so each block corrects the amounts of the one before; the last one sets those of all
 * measured blocks. V8 has compiled everything after some 25,000 requests.
 */
const CALIBRATED_WARM_UP_BLOCKS = 4

/** Warm-up blocks of one fork. */
function warmUpBlocksOf({ workload, connections, sliceMs }: Scenario): number {
  const isPlanned = plannedAmount(workload, connections, sliceMs) !== undefined
  return isPlanned ? PLANNED_WARM_UP_BLOCKS : CALIBRATED_WARM_UP_BLOCKS
}

/** Measured blocks of each fork, spread evenly. */
export function blocksOfForks({ blocks, forks }: Scenario): number[] {
  const count = Math.min(blocks, forks)
  return Array.from({ length: count }, (_, fork) => Math.floor((blocks + fork) / count))
}

/** Blocks of all forks, warm-up included. */
export function blockCountOf(scenario: Scenario): number {
  return scenario.blocks + blocksOfForks(scenario).length * warmUpBlocksOf(scenario)
}

/** Blocks that one fork measures. */
export interface ForkPlan {
  readonly fork: number
  /** Measured blocks, without warm-up. */
  readonly measured: number
  /** Index of its first block among those of all forks. */
  readonly firstIndex: number
}

/** Measures all slices of one fork, in a random order within each block. */
export async function measureBlocks(context: RunContext, plan: ForkPlan): Promise<Block[]> {
  const { fork, measured, firstIndex } = plan
  const { candidates, scenario, observer } = context
  const { connections, sliceMs, warmUpMs, workload } = scenario
  const random = seededRandom((scenario.seed + fork) % SEEDS)
  const planned = plannedAmount(workload, connections, sliceMs)
  const warmUpBlocks = warmUpBlocksOf(scenario)
  // By variant, so that both copies of the baseline do exactly the same.
  const amounts = new Map<string, number>()
  const blocks: Block[] = []
  for (let position = 0; position < warmUpBlocks + measured; position++) {
    const index = firstIndex + position
    const warmUp = position < warmUpBlocks
    const nextMs = position < warmUpBlocks - 1 ? Math.max(sliceMs, warmUpMs) : sliceMs
    const calibrated = new Map<string, number>()
    const slices: Slice[] = []
    for (const candidate of shuffled(candidates, random)) {
      const { id, variant } = candidate.participant
      observer.sliceStarts(index, slices.length, id)
      const amount = planned ?? amounts.get(variant.name) ?? pilotAmount(connections)
      const slice = await runSlice(context, candidate, amount)
      slices.push(slice)
      calibrated.set(variant.name, calibratedAmount(slice, nextMs, connections))
    }
    if (warmUp) for (const [name, amount] of calibrated) amounts.set(name, amount)
    const block = { index, fork, warmUp, slices }
    blocks.push(block)
    observer.blockEnds(block)
  }
  return blocks
}
