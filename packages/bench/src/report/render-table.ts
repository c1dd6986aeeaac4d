import type { MetricName } from '../method/metrics.ts'
import { againOf } from '../method/participants.ts'
import type { BenchResult, Block, ParticipantSummary, Run, Summary } from './bench-result.ts'
import { formatCount, formatErrors, formatRatio, formatUs, UNKNOWN } from './format.ts'
import { renderVerdict } from './render-verdict.ts'
import { textTable } from './text-table.ts'

/** The table names the first few; the JSON has them all. */
const MAX_REMARKS = 5

/** The result for a reader: the verdict, what it rests on, and how it was measured. */
export function renderTable(result: BenchResult): string {
  const paragraphs = [
    ...result.runs.flatMap((run) => [
      [renderVerdict(run)],
      timesTable(run),
      countsTable(run.summary),
      method(run),
      remarks('INVALID', run.blocks, (slice) => slice.problems),
      remarks('note:', run.blocks, (slice) => slice.warnings),
    ]),
    circumstances(result),
  ]
  return `${paragraphs
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`
}

function timesTable(run: Run): string[] {
  const against = `against ${run.scenario.baseline}`
  return textTable([
    ['', 'CPU/request', against, 'in user space', against, 'requests/s', against, 'p50', 'p99'],
    ...run.summary.participants.map((each) => [
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
  ])
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

function countsTable({ participants }: Summary): string[] {
  return textTable([
    [
      '',
      'requests',
      'connections',
      'by kernel',
      'requests each',
      'TIME_WAIT client',
      'upstream',
      'errors',
    ],
    ...participants.map((each) => [
      each.participant,
      formatCount(each.requests),
      formatCount(each.connections),
      formatCount(each.kernelConnections),
      each.requestsPerConnection === null ? UNKNOWN : each.requestsPerConnection.toFixed(1),
      formatCount(each.timeWaits?.client ?? null),
      formatCount(each.timeWaits?.upstream ?? null),
      formatErrors(each.errors),
    ]),
  ])
}

function method({ scenario, upstream, stoppingRule, blocks, summary }: Run): string[] {
  const warmUpBlocks = blocks.filter((block) => block.warmUp).length
  const coverage = Math.min(1, ...summary.comparisons.map((each) => each.coverage))
  const floor = summary.noiseFloor.cpuPerRequest
  const kernelIsKnown = summary.participants.some((each) => each.kernelConnections !== null)
  return [
    `${scenario.path} path, ${scenario.connections} at a time, against ${upstream.software}; ${stoppingRule} of about ${scenario.sliceMs} ms per variant, after ${warmUpBlocks} to warm up; seed ${scenario.seed}`,
    `times: medians over the blocks, [intervals] cover the true median with ${(coverage * 100).toFixed(1)}%; counts: the whole run`,
    floor === null
      ? 'noise floor not known, so nothing is claimed: at least 6 valid blocks are needed'
      : `noise floor of the CPU per request: ${((floor - 1) * 100).toFixed(1)}%; nothing within it is claimed`,
    ...(kernelIsKnown
      ? []
      : ['the kernel cannot be asked here: connections as the upstream saw them']),
  ]
}

function circumstances({ machine, pinning, version }: BenchResult): string[] {
  const { loadAverage, sysctls } = machine
  const known = Object.entries(sysctls).filter(([, value]) => value !== null)
  return [
    pinning.pinned
      ? `client on cpu ${pinning.clientCpu}, everything else on cpu ${pinning.otherCpu}`
      : `not pinned to CPUs: ${pinning.reason}`,
    `holdfast ${version}, Node ${machine.nodeVersion}, ${machine.kernel}, ${machine.cores} x ${machine.cpuModel}, load ${loadAverage.map((load) => load.toFixed(2)).join(' ')}`,
    ...(known.length === 0 ? [] : [known.map(([name, value]) => `${name} ${value}`).join(', ')]),
  ]
}

function remarks(
  label: string,
  blocks: readonly Block[],
  of: (slice: Block['slices'][number]) => readonly string[],
): string[] {
  const all = blocks.flatMap(({ index, slices }) =>
    slices.flatMap((slice) =>
      of(slice).map((remark) => `${label} block ${index + 1}, ${slice.participant}: ${remark}`),
    ),
  )
  const hidden = all.length - MAX_REMARKS
  return hidden > 0 ? [...all.slice(0, MAX_REMARKS), `${label} ${hidden} more in --json`] : all
}
