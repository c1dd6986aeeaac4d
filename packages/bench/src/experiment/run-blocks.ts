import { calibratedAmount, pilotAmount } from '../method/calibrated-amount.ts'
import { againOf } from '../method/participants.ts'
import { seededRandom } from '../method/seeded-random.ts'
import { shuffled } from '../method/shuffled.ts'
import type { Block, Portrait, RunRecord, Scenario, Slice } from '../report/bench-result.ts'
import type { CpuPinning } from '../system/cpu-pinning.ts'
import { type Contestant, Crew } from './crew.ts'
import { paintPortrait } from './paint-portrait.ts'
import { runSlice } from './run-slice.ts'

/**
 * Compiled code makes a client several times faster than it was at first, so each warm-up block
 * corrects the amounts of the one before, and the last one gives those of all measured blocks. V8
 * has compiled a client for good after some 25,000 requests.
 */
export const WARM_UP_BLOCKS = 4

/** Hears how the run goes on. */
export interface BlocksObserver {
  readonly sliceStarts: (block: number, position: number, participant: string) => void
  readonly blockEnds: (block: Block) => void
  readonly portraitStarts: (participant: string) => void
}

/** Measures one scenario. Its processes have ended when this returns, throws or is aborted. */
export async function runBlocks(
  scenario: Scenario,
  pinning: CpuPinning,
  observer: BlocksObserver,
  signal: AbortSignal,
): Promise<RunRecord> {
  signal.throwIfAborted()
  const crew = new Crew(scenario, pinning)
  const abort = (): Promise<void> => crew.end()
  signal.addEventListener('abort', abort)
  try {
    const upstream = await crew.openUpstream()
    const contestants = await crew.prepare()
    const stage = { crew, contestants, scenario, observer }
    const blocks = await measure(stage)
    const portraits = await paint(stage, blocks.at(-1)?.slices ?? [])
    const stoppingRule = `blocks, fixed in advance: ${scenario.blocks}`
    return { scenario, upstream, stoppingRule, blocks, portraits }
  } finally {
    signal.removeEventListener('abort', abort)
    await crew.end()
  }
}

/** Everything is ready, and somebody watches. */
interface Stage {
  readonly crew: Crew
  readonly contestants: readonly Contestant[]
  readonly scenario: Scenario
  readonly observer: BlocksObserver
}

async function measure({ crew, contestants, scenario, observer }: Stage): Promise<Block[]> {
  const { connections, sliceMs, warmUpMs } = scenario
  const random = seededRandom(scenario.seed)
  // By variant, so that both copies of the baseline do exactly the same.
  const amounts = new Map<string, number>()
  const blocks: Block[] = []
  for (let index = 0; index < WARM_UP_BLOCKS + scenario.blocks; index++) {
    const warmUp = index < WARM_UP_BLOCKS
    const nextMs = index < WARM_UP_BLOCKS - 1 ? Math.max(sliceMs, warmUpMs) : sliceMs
    const calibrated = new Map<string, number>()
    const slices: Slice[] = []
    for (const contestant of shuffled(contestants, random)) {
      const { id, variant } = contestant.participant
      observer.sliceStarts(index, slices.length, id)
      const amount = amounts.get(variant.name) ?? pilotAmount(connections)
      const slice = await runSlice(crew, contestant, amount, scenario)
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

/** The last slices tell how many requests a portrait takes. */
async function paint(
  { crew, contestants, scenario, observer }: Stage,
  last: readonly Slice[],
): Promise<Portrait[]> {
  const { baseline, portraitMs, connections } = scenario
  const portraits: Portrait[] = []
  if (portraitMs === 0) return portraits
  for (const contestant of contestants) {
    const { id } = contestant.participant
    const slice = last.find(({ participant }) => participant === id)
    if (id === againOf(baseline) || slice === undefined) continue
    observer.portraitStarts(id)
    const amount = calibratedAmount(slice, portraitMs, connections)
    portraits.push(await paintPortrait(crew, await crew.prepareAnew(contestant), amount))
  }
  return portraits
}
