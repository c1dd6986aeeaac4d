import type { ParticipantSummary, Run } from '../bench/bench-result.ts'
import type { MetricName } from '../bench/method/metrics.ts'
import { againOf } from '../bench/method/participants.ts'
import type { DataTable } from '../forms/data-table.ts'
import {
  formatBytes,
  formatCount,
  formatErrors,
  formatRatio,
  formatUs,
  UNKNOWN,
} from '../forms/format.ts'

interface Column {
  readonly title: string
  readonly of: (summary: ParticipantSummary) => string
}

/** Table of costs, and their ratios to the baseline. */
export function timesTable(run: Run): DataTable {
  const against = (metric: MetricName): Column => ({
    title: `against ${run.scenario.baseline}`,
    of: (each) => againstBaseline(run, each, metric),
  })
  const { workload } = run.scenario
  const latencies: readonly Column[] = [
    { title: 'p50', of: ({ p50Us }) => formatUs(p50Us) },
    { title: 'p99', of: ({ p99Us }) => formatUs(p99Us) },
  ]
  if (workload.kind === 'idle') {
    return tableOf(
      run,
      [
        {
          title: 'heap/connection',
          of: ({ bytesPerConnection }) =>
            bytesPerConnection === null ? UNKNOWN : formatBytes(bytesPerConnection),
        },
        against('memoryPerConnection'),
        ...latencies,
      ],
      [2, 2],
    )
  }
  return tableOf(
    run,
    [
      { title: 'CPU/request', of: ({ cpuPerRequestUs }) => formatUs(cpuPerRequestUs) },
      against('cpuPerRequest'),
      { title: 'in user space', of: ({ userCpuPerRequestUs }) => formatUs(userCpuPerRequestUs) },
      against('userCpuPerRequest'),
      { title: 'requests/s', of: ({ requestsPerSecond }) => formatCount(requestsPerSecond) },
      against('throughput'),
      ...latencies,
    ],
    [2, 2, 2, 2],
  )
}

/** Table of counts over the whole run. */
export function countsTable(run: Run): DataTable {
  return tableOf(run, [
    { title: 'answers', of: ({ requests }) => formatCount(requests) },
    { title: 'connections', of: ({ connections }) => formatCount(connections) },
    { title: 'by kernel', of: ({ kernelConnections }) => formatCount(kernelConnections) },
    {
      title: 'requests each',
      of: ({ requestsPerConnection }) => requestsPerConnection?.toFixed(1) ?? UNKNOWN,
    },
    { title: 'TIME_WAIT client', of: ({ timeWaits }) => formatCount(timeWaits?.client ?? null) },
    {
      title: 'TIME_WAIT upstream',
      of: ({ timeWaits }) => formatCount(timeWaits?.upstream ?? null),
    },
    { title: 'lost', of: ({ failed }) => formatCount(failed) },
    ...(run.closeRace === null
      ? []
      : [{ title: 'lost to closes', of: (each: ParticipantSummary) => lostToCloses(run, each) }]),
    { title: 'errors', of: ({ errors }) => formatErrors(errors) },
  ])
}

function lostToCloses({ closeRace }: Run, { participant }: ParticipantSummary): string {
  const outcome = closeRace?.outcomes.find((each) => each.participant === participant)
  return formatCount(outcome?.lost ?? null)
}

/** Table with a row for each participant. */
function tableOf(
  { summary }: Run,
  columns: readonly Column[],
  groups: readonly number[] = [],
): DataTable {
  return {
    groups,
    columns: ['', ...columns.map(({ title }) => title)],
    rows: summary.participants.map((each) => [
      each.participant,
      ...columns.map(({ of }) => of(each)),
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
