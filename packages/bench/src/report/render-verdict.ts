import type {
  Comparison,
  ParticipantSummary,
  Run,
  RunRecord,
  Summary,
} from '../bench/bench-result.ts'
import type { MetricName } from '../bench/method/metrics.ts'
import { againOf } from '../bench/method/participants.ts'
import { factor, formatCount, formatInterval, formatRatio, UNKNOWN } from '../forms/format.ts'
import { MAIN_METRICS, METRIC_TITLES } from './metric-titles.ts'

/** Run in one line: the gain of long connections, or else the variants compared. */
export function renderVerdict(run: Run): string {
  const { invalidSlices, slices } = run.summary
  const verdict = renderFailures(run) ?? longAgainstShort(run) ?? renderVariants(run)
  if (invalidSlices === 0) return verdict
  return `INVALID (${invalidSlices} of ${slices} slices, see below): ${verdict}`
}

/** Comparison of every variant with the baseline, in one line; of `short` only if it is alone. */
export function renderVariants({ scenario, summary: { comparisons } }: Run): string {
  const { baseline, workload } = scenario
  const all = comparisons.filter(
    ({ metric, reference }) => metric === MAIN_METRICS[workload.kind] && reference === baseline,
  )
  const others = all.filter(({ candidate }) => candidate !== againOf(baseline))
  const long = others.filter(({ candidate }) => candidate !== 'short')
  const findings = [long, others, all].find((each) => each.length > 0) ?? []
  if (findings.length === 0) return 'nothing could be compared'
  return findings.map(renderComparison).join('; ')
}

/** Failed requests of a run in which they are expected. */
function renderFailures({ scenario, summary }: Run): string | undefined {
  if (!scenario.mayFail) return
  const counts = summary.participants.map(
    ({ participant, failed, attempted }) =>
      `${participant} ${formatCount(failed)} of ${formatCount(attempted)}`,
  )
  return `failed requests: ${counts.join(', ')}`
}

/** Losses to connections that were closed just as they were used; undefined without a race. */
export function renderRace({ closeRace }: RunRecord): string | undefined {
  if (closeRace === null) return
  const counts = closeRace.outcomes.map(
    ({ participant, lost, requests }) =>
      `${participant} ${formatCount(lost)} of ${formatCount(requests)}`,
  )
  return `requests lost to closing connections: ${counts.join(', ')}`
}

/** Headline of closely spaced requests: the cost of opening connections. */
function longAgainstShort({ scenario, summary }: Run): string | undefined {
  const { baseline, workload } = scenario
  if (MAIN_METRICS[workload.kind] !== 'cpuPerRequest') return
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

/** `holdfast: faster, 0.70x [0.68-0.72] the CPU per request of node`. */
function renderComparison(comparison: Comparison): string {
  const { candidate, reference, verdict, metric } = comparison
  return `${candidate}: ${verdict}, ${formatRatio(comparison)} the ${METRIC_TITLES[metric]} of ${reference}`
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
