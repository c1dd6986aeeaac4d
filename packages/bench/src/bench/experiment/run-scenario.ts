import type { CpuPinning } from '../../linux/cpu-pinning.ts'
import type { Isolation } from '../../linux/isolation.ts'
import type { Block, RunRecord, Scenario } from '../bench-result.ts'
import type { Role } from '../roles/role-process.ts'
import { blocksOfForks, measureBlocks } from './measure-blocks.ts'
import { raceCloses } from './race-closes.ts'
import { recordTimelines } from './record-timelines.ts'
import type { RunObserver } from './run-observer.ts'
import { type Candidate, Workers } from './workers.ts'

/** Conditions that a run takes place in. */
export interface Surroundings {
  readonly pinning: CpuPinning
  readonly isolation: Isolation
  /** Programs of the processes; those of this package unless said. */
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
  const workers = new Workers(scenario, pinning, hear, programs)
  const abort = (): Promise<void> => workers.end()
  signal.addEventListener('abort', abort)
  try {
    const upstream = await workers.openUpstream()
    const blocks: Block[] = []
    let candidates: readonly Candidate[] = []
    for (const [fork, measured] of blocksOfForks(scenario).entries()) {
      candidates = await workers.prepare()
      const context = { scenario, isolation, observer, workers, upstream, candidates }
      blocks.push(...(await measureBlocks(context, { fork, measured, firstIndex: blocks.length })))
    }
    const context = { scenario, isolation, observer, workers, upstream, candidates }
    const timelines = await recordTimelines(context, blocks.at(-1)?.slices ?? [])
    const closeRace = await raceCloses(context)
    const stoppingRule = `blocks, fixed in advance: ${scenario.blocks}`
    return {
      scenario,
      upstream,
      stoppingRule,
      waking: workers.waking,
      blocks,
      timelines,
      closeRace,
    }
  } finally {
    signal.removeEventListener('abort', abort)
    await workers.end()
  }
}
