import { spawnSync } from 'node:child_process'
import { readLinuxFile } from './read-linux-file.ts'

const ALLOWED_CPUS = /^Cpus_allowed_list:\s*(?<list>[\d,-]+)$/mu

/** CPUs of a run: one for the client under test alone, or no pinning. */
export type CpuPinning =
  | { readonly pinned: true; readonly clientCpu: number; readonly otherCpu: number }
  | { readonly pinned: false; readonly reason: string }

/**
 * Chooses the first two CPUs that this process may use, where `taskset` can hold others to them.
 */
export function choosePinning(): CpuPinning {
  const status = readLinuxFile('/proc/self/status')
  if (status === null) return { pinned: false, reason: 'this system has no /proc' }
  const [clientCpu, otherCpu] = parseAllowedCpus(status)
  if (clientCpu === undefined || otherCpu === undefined) {
    return { pinned: false, reason: 'fewer than two CPUs may be used' }
  }
  const trial = spawnSync('taskset', ['-c', `${clientCpu},${otherCpu}`, 'true'])
  if (trial.status !== 0) return { pinned: false, reason: 'taskset does not work here' }
  return { pinned: true, clientCpu, otherCpu }
}

/** CPUs of a list such as `0-3,8` in /proc/self/status. */
export function parseAllowedCpus(status: string): number[] {
  const list = ALLOWED_CPUS.exec(status)?.groups?.['list'] ?? ''
  return list.split(',').flatMap((range) => {
    const [first = Number.NaN, last = first] = range.split('-').map(Number)
    if (range === '' || Number.isNaN(first)) return []
    return Array.from({ length: last - first + 1 }, (_, offset) => first + offset)
  })
}
