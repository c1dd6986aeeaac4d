import type { MetricName } from '../method/metrics.ts'
import { BASELINE_AGAIN } from '../method/participants.ts'
import { BASELINE } from '../variants.ts'
import type { BenchResult, Comparison, ParticipantSummary, Summary } from './bench-result.ts'
import { factor, formatCount, formatInterval, formatRatio, UNKNOWN } from './format.ts'

/** The result in one line: what long connections are worth, or else how the variants compare. */
export function renderVerdict({ summary }: BenchResult): string {
  const verdict = longAgainstShort(summary) ?? variantsAgainstBaseline(summary)
  if (summary.invalidSlices === 0) return verdict
  return `INVALID (${summary.invalidSlices} of ${summary.slices} slices, see below): ${verdict}`
}

function longAgainstShort(summary: Summary): string | undefined {
  const cpu = find(summary, 'cpuPerRequest', BASELINE, 'short')
  const throughput = find(summary, 'throughput', BASELINE, 'short')
  const long = summary.participants.find(({ participant }) => participant === BASELINE)
  const short = summary.participants.find(({ participant }) => participant === 'short')
  if (!(cpu && throughput && long && short)) return
  const doubt = cpu.verdict === 'unsure' ? 'unsure, ' : ''
  return [
    `long connections: ${doubt}${factor(cpu.ratio)} the CPU per request of short ones ${formatInterval(cpu)}`,
    `${factor(throughput.ratio)} the throughput ${formatInterval(throughput)}`,
    `connections ${formatCount(long.connections)} vs ${formatCount(short.connections)}`,
    `TIME_WAIT ${totalTimeWaits(long)} vs ${totalTimeWaits(short)}`,
  ].join('; ')
}

function variantsAgainstBaseline({ comparisons }: Summary): string {
  const all = comparisons.filter(
    ({ metric, reference }) => metric === 'cpuPerRequest' && reference === BASELINE,
  )
  const others = all.filter(({ candidate }) => candidate !== BASELINE_AGAIN)
  const findings = others.length > 0 ? others : all
  if (findings.length === 0) return 'nothing could be compared'
  return findings.map(renderComparison).join('; ')
}

/** `holdfast: faster, 0.70x [0.68-0.72] the CPU per request of node`. */
function renderComparison(comparison: Comparison): string {
  const { candidate, reference, verdict } = comparison
  return `${candidate}: ${verdict}, ${formatRatio(comparison)} the CPU per request of ${reference}`
}

function find(
  { comparisons }: Summary,
  metric: MetricName,
  candidate: string,
  reference: string,
): Comparison | undefined {
  return comparisons.find(
    (each) =>
      each.metric === metric && each.candidate === candidate && each.reference === reference,
  )
}

function totalTimeWaits({ timeWaits }: ParticipantSummary): string {
  return timeWaits === null ? UNKNOWN : formatCount(timeWaits.client + timeWaits.upstream)
}
