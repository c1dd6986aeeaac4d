import type { Run } from './bench-result.ts'

/** A baseline that differs from itself by more than this share says little about others. */
const MAX_NOISE = 0.1

/** What to say of a run whose noise floor is too high; undefined if it is not. */
export function noiseOf({ scenario, summary }: Run): string | undefined {
  const floor = summary.noiseFloor.cpuPerRequest
  if (floor === null || floor <= 1 + MAX_NOISE) return
  const percent = ((floor - 1) * 100).toFixed(0)
  return `${scenario.connections} connections: the baseline differs from itself by ${percent}%: the machine was too noisy to tell smaller differences`
}
