import { calibratedAmount, pilotAmount } from '../method/calibrated-amount.ts'
import { seededRandom } from '../method/seeded-random.ts'
import { shuffled } from '../method/shuffled.ts'
import type { BenchOptions, Block, Slice } from '../report/bench-result.ts'
import type { CpuPinning } from '../system/cpu-pinning.ts'
import type { VariantName } from '../variants.ts'
import { type Contestant, Crew } from './crew.ts'
import { runSlice } from './run-slice.ts'

/**
 * Compiled code makes a client several times faster than it was at first, so each warm-up block
 * corrects the amounts of the one before, and the last one gives those of all measured blocks.
 */
export const WARM_UP_BLOCKS = 3

/** Hears how the run goes on. */
export interface BlocksObserver {
  readonly sliceStarts: (block: number, position: number, participant: string) => void
  readonly blockEnds: (block: Block) => void
}

/** Runs the whole experiment. Its processes have ended when it returns, throws or is aborted. */
export async function runBlocks(
  options: BenchOptions,
  pinning: CpuPinning,
  observer: BlocksObserver,
  signal: AbortSignal,
): Promise<Block[]> {
  signal.throwIfAborted()
  const crew = new Crew(options, pinning)
  const abort = (): Promise<void> => crew.end()
  signal.addEventListener('abort', abort)
  try {
    const contestants = await crew.prepare(options)
    return await measure(crew, contestants, options, observer)
  } finally {
    signal.removeEventListener('abort', abort)
    await crew.end()
  }
}

async function measure(
  crew: Crew,
  contestants: readonly Contestant[],
  options: BenchOptions,
  observer: BlocksObserver,
): Promise<Block[]> {
  const { connections, sliceMs } = options
  const random = seededRandom(options.seed)
  // By variant, so that both copies of the baseline do exactly the same.
  const amounts = new Map<VariantName, number>()
  const blocks: Block[] = []
  for (let index = 0; index < WARM_UP_BLOCKS + options.blocks; index++) {
    const warmUp = index < WARM_UP_BLOCKS
    const calibrated = new Map<VariantName, number>()
    const slices: Slice[] = []
    for (const contestant of shuffled(contestants, random)) {
      const { id, variant } = contestant.participant
      observer.sliceStarts(index, slices.length, id)
      const amount = amounts.get(variant) ?? pilotAmount(connections)
      const slice = await runSlice(crew.upstream, contestant, amount, options)
      slices.push(slice)
      calibrated.set(variant, calibratedAmount(slice, sliceMs, connections))
    }
    if (warmUp) for (const [variant, amount] of calibrated) amounts.set(variant, amount)
    const block = { index, warmUp, slices }
    blocks.push(block)
    observer.blockEnds(block)
  }
  return blocks
}
