import type { MetricName } from '../method/metrics.ts'
import { againOf } from '../method/participants.ts'
import type { ParticipantSummary, Run } from './bench-result.ts'
import type { DataTable } from './data-table.ts'
import { formatCount, formatErrors, formatRatio, formatUs, UNKNOWN } from './format.ts'

/** What requests cost, and how that compares with the baseline. */
export function timesTable(run: Run): DataTable {
  const against = `against ${run.scenario.baseline}`
  return {
    columns: [
      '',
      'CPU/request',
      against,
      'in user space',
      against,
      'requests/s',
      against,
      'p50',
      'p99',
    ],
    rows: run.summary.participants.map((each) => [
      each.participant,
      formatUs(each.cpuPerRequestUs),
      againstBaseline(run, each, 'cpuPerRequest'),
      formatUs(each.userCpuPerRequestUs),
      againstBaseline(run, each, 'userCpuPerRequest'),
      formatCount(each.requestsPerSecond),
      againstBaseline(run, each, 'throughput'),
      formatUs(each.p50Us),
      formatUs(each.p99Us),
    ]),
  }
}

/** What was counted, over the whole run. */
export function countsTable({ summary }: Run): DataTable {
  return {
    columns: [
      '',
      'requests',
      'connections',
      'by kernel',
      'requests each',
      'TIME_WAIT client',
      'upstream',
      'errors',
    ],
    rows: summary.participants.map((each) => [
      each.participant,
      formatCount(each.requests),
      formatCount(each.connections),
      formatCount(each.kernelConnections),
      each.requestsPerConnection === null ? UNKNOWN : each.requestsPerConnection.toFixed(1),
      formatCount(each.timeWaits?.client ?? null),
      formatCount(each.timeWaits?.upstream ?? null),
      formatErrors(each.errors),
    ]),
  }
}

function againstBaseline(
  { scenario, summary }: Run,
  { participant }: ParticipantSummary,
  metric: MetricName,
): string {
  const { baseline } = scenario
  if (participant === baseline) return 'baseline'
  const comparison = summary.comparisons.find(
    (each) =>
      each.metric === metric && each.candidate === participant && each.reference === baseline,
  )
  if (comparison === undefined) return UNKNOWN
  const label = participant === againOf(baseline) ? 'noise' : comparison.verdict
  return `${label} ${formatRatio(comparison)}`
}
