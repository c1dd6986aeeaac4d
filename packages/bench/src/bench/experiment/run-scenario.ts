import type { CpuPinning } from '../../linux/cpu-pinning.ts'
import type { Isolation } from '../../linux/isolation.ts'
import type { RunRecord, Scenario } from '../bench-result.ts'
import type { Role } from '../roles/role-process.ts'
import { Crew } from './crew.ts'
import { measureBlocks } from './measure-blocks.ts'
import { paintPortraits } from './paint-portrait.ts'
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
    const contestants = await crew.prepare()
    const stage = { scenario, isolation, observer, crew, upstream, contestants }
    const blocks = await measureBlocks(stage)
    const portraits = await paintPortraits(stage, blocks.at(-1)?.slices ?? [])
    const stoppingRule = `blocks, fixed in advance: ${scenario.blocks}`
    return { scenario, upstream, stoppingRule, blocks, portraits }
  } finally {
    signal.removeEventListener('abort', abort)
    await crew.end()
  }
}
