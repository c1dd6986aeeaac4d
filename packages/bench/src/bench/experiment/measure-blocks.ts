import { seededRandom } from '../../statistics/seeded-random.ts'
import { shuffled } from '../../statistics/shuffled.ts'
import type { Block, Scenario, Slice } from '../bench-result.ts'
import { calibratedAmount, pilotAmount } from '../method/calibrated-amount.ts'
import { plannedAmount } from '../workloads/workload.ts'
import { runSlice } from './run-slice.ts'
import type { Stage } from './stage.ts'

const SEEDS = 2 ** 32

/** Of a workload that says itself how much it does: one to compile the code. */
const PLANNED_WARM_UP_BLOCKS = 1

/**
 * Compiled code makes a client several times faster than it was at first, so each warm-up block
 * corrects the amounts of the one before, and the last one gives those of all measured blocks. V8
 * has compiled a client for good after some 25,000 requests.
 */
const CALIBRATED_WARM_UP_BLOCKS = 4

/** Blocks of one fork whose times are dropped. */
function warmUpBlocksOf({ workload, connections, sliceMs }: Scenario): number {
  const isPlanned = plannedAmount(workload, connections, sliceMs) !== undefined
  return isPlanned ? PLANNED_WARM_UP_BLOCKS : CALIBRATED_WARM_UP_BLOCKS
}

/** How many measured blocks each fork has: as equal as can be. */
export function blocksOfForks({ blocks, forks }: Scenario): number[] {
  const count = Math.min(blocks, forks)
  return Array.from({ length: count }, (_, fork) => Math.floor((blocks + fork) / count))
}

/** All blocks of all forks, those of the warm-up included. */
export function blockCountOf(scenario: Scenario): number {
  return scenario.blocks + blocksOfForks(scenario).length * warmUpBlocksOf(scenario)
}

/** What one fork measures. */
export interface ForkPlan {
  readonly fork: number
  /** Measured blocks, those of the warm-up not counted. */
  readonly measured: number
  /** Of its first block among all. */
  readonly firstIndex: number
}

/** All slices of all participants of one fork, in a random order within each block. */
export async function measureBlocks(stage: Stage, plan: ForkPlan): Promise<Block[]> {
  const { fork, measured, firstIndex } = plan
  const { contestants, scenario, observer } = stage
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
    for (const contestant of shuffled(contestants, random)) {
      const { id, variant } = contestant.participant
      observer.sliceStarts(index, slices.length, id)
      const amount = planned ?? amounts.get(variant.name) ?? pilotAmount(connections)
      const slice = await runSlice(stage, contestant, amount)
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
