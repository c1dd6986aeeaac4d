import type { Run } from './bench-result.ts'

/** Share by which the baseline may differ from itself without a warning. */
const MAX_NOISE = 0.1

/** Warning about a run with a high noise floor; undefined without one. */
export function noiseOf({ scenario, summary }: Run): string | undefined {
  const floor = summary.noiseFloor.cpuPerRequest
  if (floor === null || floor <= 1 + MAX_NOISE) return
  const percent = ((floor - 1) * 100).toFixed(0)
  return `${scenario.connections} connections: the baseline differs from itself by ${percent}%: the machine was too noisy to tell smaller differences`
}
