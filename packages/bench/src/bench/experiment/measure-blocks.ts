import { seededRandom } from '../../statistics/seeded-random.ts'
import { shuffled } from '../../statistics/shuffled.ts'
import type { Block, Scenario, Slice } from '../bench-result.ts'
import { calibratedAmount, pilotAmount } from '../method/calibrated-amount.ts'
import { plannedAmount } from '../workloads/workload.ts'
import { runSlice } from './run-slice.ts'
import type { Stage } from './stage.ts'

/** Of a workload that says itself how much it does: one to compile the code. */
const PLANNED_WARM_UP_BLOCKS = 1

/**
 * Compiled code makes a client several times faster than it was at first, so each warm-up block
 * corrects the amounts of the one before, and the last one gives those of all measured blocks. V8
 * has compiled a client for good after some 25,000 requests.
 */
const CALIBRATED_WARM_UP_BLOCKS = 4

/** Blocks whose times are dropped. */
export function warmUpBlocksOf({ workload, connections, sliceMs }: Scenario): number {
  const isPlanned = plannedAmount(workload, connections, sliceMs) !== undefined
  return isPlanned ? PLANNED_WARM_UP_BLOCKS : CALIBRATED_WARM_UP_BLOCKS
}

/** All slices of all participants, in a random order within each block. */
export async function measureBlocks(stage: Stage): Promise<Block[]> {
  const { contestants, scenario, observer } = stage
  const { connections, sliceMs, warmUpMs, workload } = scenario
  const random = seededRandom(scenario.seed)
  const planned = plannedAmount(workload, connections, sliceMs)
  const warmUpBlocks = warmUpBlocksOf(scenario)
  // By variant, so that both copies of the baseline do exactly the same.
  const amounts = new Map<string, number>()
  const blocks: Block[] = []
  for (let index = 0; index < warmUpBlocks + scenario.blocks; index++) {
    const warmUp = index < warmUpBlocks
    const nextMs = index < warmUpBlocks - 1 ? Math.max(sliceMs, warmUpMs) : sliceMs
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
    const block = { index, warmUp, slices }
    blocks.push(block)
    observer.blockEnds(block)
  }
  return blocks
}
