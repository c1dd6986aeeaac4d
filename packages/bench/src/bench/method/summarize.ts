import type { TimeWaits } from '../../linux/connection-states.ts'
import { LatencyHistogram } from '../../statistics/latency-histogram.ts'
import { medianOf } from '../../statistics/median-interval.ts'
import {
  noiseFloorOf,
  type Pair,
  type PairedRatio,
  pairedRatio,
  verdictOf,
} from '../../statistics/paired-ratio.ts'
import type {
  Block,
  Comparison,
  ParticipantSummary,
  RunRecord,
  Slice,
  Summary,
} from '../bench-result.ts'
import type { ErrorCounts } from '../workloads/error-tally.ts'
import { METRIC_NAMES, METRICS, type MetricName } from './metrics.ts'
import { againOf, type Participant } from './participants.ts'
import { recommendVariant } from './recommend-variant.ts'

export function summarize({ blocks, scenario, closeRace }: RunRecord): Summary {
  const { participants, baseline } = scenario
  const slices = blocks.flatMap((block) => block.slices)
  const measured = blocks.filter((block) => !block.warmUp)
  const floors = new Map(
    METRIC_NAMES.map((metric) => [
      metric,
      noiseFloorOf(ratioOf(measured, metric, againOf(baseline), baseline)),
    ]),
  )
  const summaries = participants.map((participant) => summarizeParticipant(participant, blocks))
  const noiseFloor = floors.get('cpuPerRequest') ?? null
  return {
    recommendation: recommendVariant({ scenario, participants: summaries, closeRace, noiseFloor }),
    invalidSlices: slices.filter((slice) => !isValid(slice)).length,
    slices: slices.length,
    noiseFloor: Object.fromEntries(
      METRIC_NAMES.map((metric) => [metric, floors.get(metric) ?? null]),
    ) as Summary['noiseFloor'],
    participants: summaries,
    comparisons: comparedPairs(participants, baseline).flatMap(([candidate, reference]) =>
      METRIC_NAMES.flatMap((metric) => {
        const ratio = ratioOf(measured, metric, candidate, reference)
        if (ratio === undefined) return []
        return toComparison({ metric, candidate, reference, ratio, floor: floors.get(metric) })
      }),
    ),
  }
}

function isValid(slice: Slice): boolean {
  return slice.problems.length === 0
}

/**
 * Pairs to compare: every participant with the baseline, and the baseline with short connections.
 */
function comparedPairs(participants: readonly Participant[], baseline: string): [string, string][] {
  const ids = participants.map(({ id }) => id)
  const pairs = ids.filter((id) => id !== baseline).map((id): [string, string] => [id, baseline])
  const hasShort = ids.includes('short') && baseline !== 'short'
  return hasShort ? [[baseline, 'short'], ...pairs] : pairs
}

function ratioOf(
  blocks: readonly Block[],
  metric: MetricName,
  candidate: string,
  reference: string,
): PairedRatio | undefined {
  const valueIn = (block: Block, participant: string): number | undefined => {
    const slice = block.slices.find((each) => each.participant === participant)
    const value = slice !== undefined && isValid(slice) ? METRICS[metric].of(slice) : undefined
    // A logarithm needs positive numbers; a slice without answers has none.
    return value !== undefined && value > 0 && Number.isFinite(value) ? value : undefined
  }
  const pairs = blocks.flatMap((block): Pair[] => {
    const [a, b] = [valueIn(block, candidate), valueIn(block, reference)]
    return a === undefined || b === undefined ? [] : [[a, b]]
  })
  return pairedRatio(pairs)
}

interface Finding {
  readonly metric: MetricName
  readonly candidate: string
  readonly reference: string
  readonly ratio: PairedRatio
  readonly floor: number | undefined
}

function toComparison({ metric, candidate, reference, ratio, floor }: Finding): Comparison {
  const verdict = verdictOf(ratio, floor, METRICS[metric].lowerIsBetter)
  return { metric, candidate, reference, ...ratio, verdict }
}

function summarizeParticipant({ id }: Participant, blocks: readonly Block[]): ParticipantSummary {
  const ofParticipant = (some: readonly Block[]): Slice[] =>
    some.flatMap((block) => block.slices.filter((slice) => slice.participant === id))
  const timed = ofParticipant(blocks.filter((block) => !block.warmUp)).filter(isValid)
  const counted = ofParticipant(blocks)
  const median = (metric: MetricName): number | null => {
    const values = timed.map(METRICS[metric].of).filter((value) => value !== undefined)
    return medianOf(values) ?? null
  }
  const requests = sum(counted.map((slice) => slice.completed))
  const connections = sumIfKnown(counted.map((slice) => slice.upstream?.connections ?? null))
  return {
    participant: id,
    cpuPerRequestUs: median('cpuPerRequest'),
    userCpuPerRequestUs: median('userCpuPerRequest'),
    requestsPerSecond: median('throughput'),
    p50Us: median('p50'),
    p99Us: median('p99'),
    bytesPerConnection: median('memoryPerConnection'),
    latency: allLatencies(timed),
    requests,
    attempted: sum(counted.map((slice) => slice.requests)),
    failed: sum(counted.map((slice) => slice.lost)),
    errors: mergeErrors(counted.flatMap((slice) => [slice.errors, slice.loadErrors])),
    connections,
    kernelConnections: sumIfKnown(counted.map((slice) => slice.kernelConnections)),
    requestsPerConnection:
      connections === null || connections === 0 ? null : requests / connections,
    timeWaits: sumTimeWaits(counted.map((slice) => slice.timeWaits)),
  }
}

function allLatencies(slices: readonly Slice[]): ParticipantSummary['latency'] {
  const histogram = new LatencyHistogram()
  for (const { latency } of slices) histogram.add(latency)
  return histogram.buckets()
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

/** Sum; null if any part is not known. */
function sumIfKnown(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null)
  return known.length === values.length ? sum(known) : null
}

function sumTimeWaits(values: readonly (TimeWaits | null)[]): TimeWaits | null {
  const client = sumIfKnown(values.map((value) => value?.client ?? null))
  const upstream = sumIfKnown(values.map((value) => value?.upstream ?? null))
  return client === null || upstream === null ? null : { client, upstream }
}

function mergeErrors(all: readonly ErrorCounts[]): ErrorCounts {
  const merged: Record<string, number> = {}
  for (const [code, count] of all.flatMap((counts) => Object.entries(counts))) {
    merged[code] = (merged[code] ?? 0) + count
  }
  return merged
}
