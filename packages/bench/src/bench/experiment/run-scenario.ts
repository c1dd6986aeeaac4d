import type { CpuPinning } from '../../linux/cpu-pinning.ts'
import type { Isolation } from '../../linux/isolation.ts'
import type { Block, RunRecord, Scenario } from '../bench-result.ts'
import type { Role } from '../roles/role-process.ts'
import { type Contestant, Crew } from './crew.ts'
import { blocksOfForks, measureBlocks } from './measure-blocks.ts'
import { paintPortraits } from './paint-portrait.ts'
import { raceCloses } from './race-closes.ts'
import type { RunObserver } from './run-observer.ts'

/** Where a run takes place. */
export interface Surroundings {
  readonly pinning: CpuPinning
  readonly isolation: Isolation
  /** What runs in the processes; the programs of this package unless said. */
  readonly programs?: Readonly<Record<Role, URL>>
}

/** Measures one scenario. Its processes have ended when this returns, throws or is aborted. */
export async function runScenario(
  scenario: Scenario,
  { pinning, isolation, programs }: Surroundings,
  observer: RunObserver,
  signal: AbortSignal,
): Promise<RunRecord> {
  signal.throwIfAborted()
  const hear: RunObserver['says'] = (who, line) => observer.says(who, line)
  const crew = new Crew(scenario, pinning, hear, programs)
  const abort = (): Promise<void> => crew.end()
  signal.addEventListener('abort', abort)
  try {
    const upstream = await crew.openUpstream()
    const blocks: Block[] = []
    let contestants: readonly Contestant[] = []
    for (const [fork, measured] of blocksOfForks(scenario).entries()) {
      contestants = await crew.prepare()
      const stage = { scenario, isolation, observer, crew, upstream, contestants }
      blocks.push(...(await measureBlocks(stage, { fork, measured, firstIndex: blocks.length })))
    }
    const stage = { scenario, isolation, observer, crew, upstream, contestants }
    const portraits = await paintPortraits(stage, blocks.at(-1)?.slices ?? [])
    const closeRace = await raceCloses(stage)
    const stoppingRule = `blocks, fixed in advance: ${scenario.blocks}`
    return { scenario, upstream, stoppingRule, waking: crew.waking, blocks, portraits, closeRace }
  } finally {
    signal.removeEventListener('abort', abort)
    await crew.end()
  }
}
