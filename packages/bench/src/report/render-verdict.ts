import type { MetricName } from '../method/metrics.ts'
import { againOf } from '../method/participants.ts'
import type { Comparison, ParticipantSummary, Run, Summary } from './bench-result.ts'
import { factor, formatCount, formatInterval, formatRatio, UNKNOWN } from './format.ts'

/** A run in one line: what long connections are worth, or else how the variants compare. */
export function renderVerdict(run: Run): string {
  const { scenario, summary } = run
  const { baseline } = scenario
  const verdict = longAgainstShort(summary, baseline) ?? renderVariants(run)
  if (summary.invalidSlices === 0) return verdict
  return `INVALID (${summary.invalidSlices} of ${summary.slices} slices, see below): ${verdict}`
}

function longAgainstShort(summary: Summary, baseline: string): string | undefined {
  const cpu = find(summary, 'cpuPerRequest', baseline, 'short')
  const throughput = find(summary, 'throughput', baseline, 'short')
  const long = summary.participants.find(({ participant }) => participant === baseline)
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

/** How every variant compares with the baseline, in one line; of `short` only if it is alone. */
export function renderVariants({ scenario, summary: { comparisons } }: Run): string {
  const { baseline } = scenario
  const all = comparisons.filter(
    ({ metric, reference }) => metric === 'cpuPerRequest' && reference === baseline,
  )
  const others = all.filter(({ candidate }) => candidate !== againOf(baseline))
  const long = others.filter(({ candidate }) => candidate !== 'short')
  const findings = [long, others, all].find((each) => each.length > 0) ?? []
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
