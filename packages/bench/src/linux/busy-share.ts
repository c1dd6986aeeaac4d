import { setTimeout as sleep } from 'node:timers/promises'
import { readLinuxFile } from './read-linux-file.ts'

const SAMPLE_MS = 400
const BLANKS = /\s+/u

/** Time of all CPUs since the machine was started, in ticks. */
export interface CpuTicks {
  readonly idle: number
  readonly total: number
}

/**
 * Share of all CPU time, from 0 to 1, that other programs take; null where the kernel does not say.
 */
export async function measureBusyShare(): Promise<number | null> {
  const before = readCpuTicks()
  await sleep(SAMPLE_MS)
  const after = readCpuTicks()
  if (before === null || after === null || after.total === before.total) return null
  return 1 - (after.idle - before.idle) / (after.total - before.total)
}

/** Reads the first line of /proc/stat: user, nice, system, idle, iowait, irq, softirq, steal. */
export function parseCpuTicks(stat: string): CpuTicks | null {
  const [label, ...fields] = (stat.split('\n', 1)[0] ?? '').split(BLANKS)
  const ticks = fields.slice(0, 8).map(Number)
  const [, , , idle, waiting] = ticks
  if (label !== 'cpu' || idle === undefined || waiting === undefined) return null
  return { idle: idle + waiting, total: ticks.reduce((sum, each) => sum + each, 0) }
}

function readCpuTicks(): CpuTicks | null {
  const stat = readLinuxFile('/proc/stat')
  return stat === null ? null : parseCpuTicks(stat)
}
