import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { statesBySide } from '../../linux/connection-states.ts'
import { readTcpTable } from '../../linux/tcp-table.ts'
import type { Portrait, Slice, StateSample } from '../bench-result.ts'
import { calibratedAmount } from '../method/calibrated-amount.ts'
import { againOf } from '../method/participants.ts'
import { plannedAmount } from '../workloads/workload.ts'
import type { Contestant, Crew } from './crew.ts'
import type { Stage } from './stage.ts'

const SAMPLE_INTERVAL_MS = 50

/** One of each participant but the second copy of the baseline. */
export async function paintPortraits(
  { crew, contestants, scenario, observer }: Stage,
  lastSlices: readonly Slice[],
): Promise<Portrait[]> {
  const { baseline, portraitMs, connections, workload } = scenario
  const portraits: Portrait[] = []
  if (portraitMs === 0 || workload.kind === 'idle') return portraits
  const planned = plannedAmount(workload, connections, portraitMs)
  for (const contestant of contestants) {
    const { id } = contestant.participant
    const slice = lastSlices.find(({ participant }) => participant === id)
    if (id === againOf(baseline) || slice === undefined) continue
    observer.portraitStarts(id)
    const amount = planned ?? calibratedAmount(slice, portraitMs, connections)
    portraits.push(await paintPortrait(crew, await crew.prepareAnew(contestant), amount))
  }
  return portraits
}

/** Looks at a contestant's connections while it makes `requests` requests, and a little longer. */
async function paintPortrait(
  crew: Crew,
  contestant: Contestant,
  requests: number,
): Promise<Portrait> {
  const { id } = contestant.participant
  const ports = new Set(contestant.ports)
  const startedMs = performance.now()
  const samples: StateSample[] = []
  const sample = (): void => {
    const rows = readTcpTable()
    if (rows === null) return
    samples.push({ atMs: performance.now() - startedMs, ...statesBySide(rows, ports) })
  }
  sample()
  let isDone = false
  const loaded = crew.load(contestant, requests).finally(() => {
    isDone = true
  })
  while (!isDone) {
    await Promise.race([loaded, sleep(SAMPLE_INTERVAL_MS)])
    sample()
  }
  const { completed, failed, elapsedMs } = await loaded
  await sleep(SAMPLE_INTERVAL_MS)
  sample()
  const connectionUses = await crew.usesOf(contestant)
  return { participant: id, completed, failed, elapsedMs, samples, connectionUses }
}
