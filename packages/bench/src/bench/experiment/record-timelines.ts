import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { statesBySide } from '../../linux/connection-states.ts'
import { readTcpTable } from '../../linux/tcp-table.ts'
import type { Slice, StateSample, Timeline } from '../bench-result.ts'
import { calibratedAmount } from '../method/calibrated-amount.ts'
import { againOf } from '../method/participants.ts'
import { plannedAmount } from '../workloads/workload.ts'
import type { RunContext } from './run-context.ts'
import type { Candidate, Workers } from './workers.ts'

const SAMPLE_INTERVAL_MS = 50

/** Records a timeline of each participant but the second copy of the baseline. */
export async function recordTimelines(
  { workers, candidates, scenario, observer }: RunContext,
  lastSlices: readonly Slice[],
): Promise<Timeline[]> {
  const { baseline, timelineMs, connections, workload } = scenario
  const timelines: Timeline[] = []
  if (timelineMs === 0 || workload.kind === 'idle') return timelines
  const planned = plannedAmount(workload, connections, timelineMs)
  for (const candidate of candidates) {
    const { id } = candidate.participant
    const slice = lastSlices.find(({ participant }) => participant === id)
    if (id === againOf(baseline) || slice === undefined) continue
    observer.timelineStarts(id)
    const amount = planned ?? calibratedAmount(slice, timelineMs, connections)
    timelines.push(await recordTimeline(workers, await workers.prepareAnew(candidate), amount))
  }
  return timelines
}

/** Samples a candidate's connections during `requests` requests and shortly after. */
async function recordTimeline(
  workers: Workers,
  candidate: Candidate,
  requests: number,
): Promise<Timeline> {
  const { id } = candidate.participant
  const ports = new Set(candidate.ports)
  const startedMs = performance.now()
  const samples: StateSample[] = []
  const sample = (): void => {
    const rows = readTcpTable()
    if (rows === null) return
    samples.push({ atMs: performance.now() - startedMs, ...statesBySide(rows, ports) })
  }
  sample()
  let isDone = false
  const loaded = workers.load(candidate, requests).finally(() => {
    isDone = true
  })
  while (!isDone) {
    await Promise.race([loaded, sleep(SAMPLE_INTERVAL_MS)])
    sample()
  }
  const { completed, failed, elapsedMs } = await loaded
  await sleep(SAMPLE_INTERVAL_MS)
  sample()
  const connectionUses = await workers.usesOf(candidate)
  return { participant: id, completed, failed, elapsedMs, samples, connectionUses }
}
