import type { MetricName } from '../method/metrics.ts'
import { BASELINE_AGAIN } from '../method/participants.ts'
import { BASELINE } from '../variants.ts'
import type { BenchResult, Block, ParticipantSummary, Summary } from './bench-result.ts'
import { formatCount, formatErrors, formatRatio, formatUs, UNKNOWN } from './format.ts'
import { renderVerdict } from './render-verdict.ts'
import { textTable } from './text-table.ts'

/** The table names the first few; the JSON has them all. */
const MAX_REMARKS = 5

/** The result for a reader: the verdict, what it rests on, and how it was measured. */
export function renderTable(result: BenchResult): string {
  const { summary } = result
  const paragraphs = [
    [renderVerdict(result)],
    timesTable(summary),
    countsTable(summary),
    [...method(result), ...circumstances(result)],
    remarks('INVALID', result.blocks, (slice) => slice.problems),
    remarks('note:', result.blocks, (slice) => slice.warnings),
  ]
  return `${paragraphs
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`
}

function timesTable(summary: Summary): string[] {
  return textTable([
    ['', 'CPU/request', `against ${BASELINE}`, 'requests/s', `against ${BASELINE}`, 'p50', 'p99'],
    ...summary.participants.map((each) => [
      each.participant,
      formatUs(each.cpuPerRequestUs),
      againstBaseline(summary, each, 'cpuPerRequest'),
      formatCount(each.requestsPerSecond),
      againstBaseline(summary, each, 'throughput'),
      formatUs(each.p50Us),
      formatUs(each.p99Us),
    ]),
  ])
}

function againstBaseline(
  { comparisons }: Summary,
  { participant }: ParticipantSummary,
  metric: MetricName,
): string {
  if (participant === BASELINE) return 'baseline'
  const comparison = comparisons.find(
    (each) =>
      each.metric === metric && each.candidate === participant && each.reference === BASELINE,
  )
  if (comparison === undefined) return UNKNOWN
  const label = participant === BASELINE_AGAIN ? 'noise' : comparison.verdict
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

function method({ options, stoppingRule, blocks, summary }: BenchResult): string[] {
  const warmUpBlocks = blocks.filter((block) => block.warmUp).length
  const coverage = Math.min(1, ...summary.comparisons.map((each) => each.coverage))
  const floor = summary.noiseFloor.cpuPerRequest
  return [
    `${options.path} path, ${options.connections} at a time; ${stoppingRule} of about ${options.sliceMs} ms per variant, after ${warmUpBlocks} to warm up; seed ${options.seed}`,
    `times: medians over the blocks, [intervals] cover the true median with ${(coverage * 100).toFixed(1)}%; counts: the whole run`,
    floor === null
      ? 'noise floor not known, so nothing is claimed: at least 6 valid blocks are needed'
      : `noise floor of the CPU per request: ${((floor - 1) * 100).toFixed(1)}%; nothing within it is claimed`,
  ]
}

function circumstances({ machine, pinning, summary, version }: BenchResult): string[] {
  const { loadAverage, tcpTwReuse, ephemeralPorts } = machine
  const kernelIsKnown = summary.participants.some((each) => each.kernelConnections !== null)
  return [
    pinning.pinned
      ? `client on cpu ${pinning.clientCpu}, everything else on cpu ${pinning.otherCpu}`
      : `not pinned to CPUs: ${pinning.reason}`,
    ...(kernelIsKnown
      ? []
      : ['the kernel cannot be asked here: connections as the upstream saw them']),
    `holdfast ${version}, Node ${machine.nodeVersion}, ${machine.kernel}, ${machine.cores} x ${machine.cpuModel}, load ${loadAverage.map((load) => load.toFixed(2)).join(' ')}`,
    ...(tcpTwReuse === null || ephemeralPorts === null
      ? []
      : [`tcp_tw_reuse ${tcpTwReuse}, ephemeral ports ${ephemeralPorts.join('-')}`]),
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
