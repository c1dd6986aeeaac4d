import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Portrait, StateSample } from '../report/bench-result.ts'
import { statesBySide } from '../system/connection-states.ts'
import { readTcpTable } from '../system/tcp-table.ts'
import { type Contestant, type Crew, LOAD_TIMEOUT_MS } from './crew.ts'

const SAMPLE_INTERVAL_MS = 50

/** Looks at a contestant's connections while it makes `requests` requests, and a little longer. */
export async function paintPortrait(
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
  const loaded = crew.load(contestant, requests, LOAD_TIMEOUT_MS).finally(() => {
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
