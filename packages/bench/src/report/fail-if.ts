import type { ParticipantSummary, RaceOutcome, Run } from '../bench/bench-result.ts'
import { METRICS, type MetricName } from '../bench/method/metrics.ts'
import { UsageError } from '../cli/usage-error.ts'

const OPERATORS = {
  '>': (a: number, b: number): boolean => a > b,
  '<': (a: number, b: number): boolean => a < b,
  '>=': (a: number, b: number): boolean => a >= b,
  '<=': (a: number, b: number): boolean => a <= b,
} as const

/**
 * Figures that a threshold may look at beside the ratios of {@link METRICS} against the baseline.
 */
const FIGURES: Readonly<
  Record<string, (summary: ParticipantSummary, race: RaceOutcome | undefined) => number | null>
> = {
  lostToCloses: (_, race) => race?.lost ?? null,
  failed: ({ failed }) => failed,
  connections: ({ connections }) => connections,
  requestsPerConnection: ({ requestsPerConnection }) => requestsPerConnection,
  clientTimeWaits: ({ timeWaits }) => timeWaits?.client ?? null,
  upstreamTimeWaits: ({ timeWaits }) => timeWaits?.upstream ?? null,
  p50Us: ({ p50Us }) => p50Us,
  p99Us: ({ p99Us }) => p99Us,
  cpuPerRequestUs: ({ cpuPerRequestUs }) => cpuPerRequestUs,
  bytesPerConnection: ({ bytesPerConnection }) => bytesPerConnection,
}

/** Limit of a figure, beyond which the command fails. */
export interface Threshold {
  readonly text: string
  readonly participant: string
  readonly figure: string
  readonly operator: keyof typeof OPERATORS
  readonly limit: number
}

const PATTERN =
  /^\s*(?<participant>\S+)\.(?<figure>\w+)\s*(?<operator>[<>]=?)\s*(?<limit>-?\d+(?:\.\d+)?)\s*$/u

/** Names of figures that a threshold may look at. */
export const THRESHOLD_FIGURES: readonly string[] = [
  ...Object.keys(METRICS),
  ...Object.keys(FIGURES),
]

/**
 * Reads `VARIANT.FIGURE > NUMBER`.
 *
 * @throws UsageError for anything else
 */
export function parseThreshold(text: string, participants: readonly string[]): Threshold {
  const groups = PATTERN.exec(text)?.groups
  if (groups === undefined) {
    throw new UsageError(`--fail-if expects 'VARIANT.FIGURE > NUMBER', got '${text}'`)
  }
  const { participant = '', figure = '', operator, limit } = groups
  if (!participants.includes(participant)) {
    throw new UsageError(
      `--fail-if: nobody is called ${participant}; there are ${participants.join(', ')}`,
    )
  }
  if (!THRESHOLD_FIGURES.includes(figure)) {
    throw new UsageError(
      `--fail-if: unknown figure ${figure}; known: ${THRESHOLD_FIGURES.join(', ')}`,
    )
  }
  return {
    text: text.trim(),
    participant,
    figure,
    operator: operator as Threshold['operator'],
    limit: Number(limit),
  }
}

/**
 * Reason why a run fails a threshold; undefined if it passes. An unknown figure fails, because
 * nobody who sets a threshold wants it to pass unseen.
 */
export function failureOf(
  { scenario, summary, closeRace }: Run,
  threshold: Threshold,
): string | undefined {
  const { text, participant, figure, operator, limit } = threshold
  const found = summary.participants.find((each) => each.participant === participant)
  const outcome = closeRace?.outcomes.find((each) => each.participant === participant)
  const ratio = summary.comparisons.find(
    (each) =>
      each.metric === (figure as MetricName) &&
      each.candidate === participant &&
      each.reference === scenario.baseline,
  )
  const value = Object.hasOwn(METRICS, figure)
    ? ratio?.ratio
    : found && FIGURES[figure]?.(found, outcome)
  const where = `${scenario.connections} connections: ${text}`
  if (value === undefined || value === null) return `${where}: it is not known`
  return OPERATORS[operator](value, limit)
    ? `${where}: it is ${Number(value.toPrecision(4))}`
    : undefined
}
