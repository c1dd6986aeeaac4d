import type { ParticipantSummary, Run } from '../../bench/bench-result.ts'
import { againOf } from '../../bench/method/participants.ts'
import { formatUs } from '../../forms/format.ts'
import type { Drawing, Figure } from '../../forms/html/figure.ts'
import { type Markup, markup } from '../../forms/html/markup.ts'
import { logScale, logTicks } from '../../forms/html/scale.ts'
import { LatencyHistogram } from '../../statistics/latency-histogram.ts'
import { participantMarks } from './participant-marks.ts'

const PERCENTILES = [
  10, 20, 30, 40, 50, 60, 70, 75, 80, 85, 90, 92.5, 95, 97, 98, 99, 99.5, 99.8, 99.9, 99.95, 99.99,
  99.995, 99.999,
]

const LABELLED = [50, 90, 99, 99.9, 99.99, 99.999]

/** Least number of slower requests of a percentile that is shown. */
const SLOWER = 10

interface Curve {
  readonly name: string
  readonly mark: string
  readonly us: readonly number[]
}

/**
 * Chart of latency by percentile, on an axis that gives each further nine as much room as the one
 * before.
 */
export function latencyFigure(run: Run, prefix: string): Figure | undefined {
  const shown = run.summary.participants.filter(
    ({ participant, latency }) =>
      participant !== againOf(run.scenario.baseline) && latency.length > 0,
  )
  const fewest = Math.min(...shown.map(({ latency }) => totalOf(latency)))
  const percentiles = PERCENTILES.filter((each) => fewest * (1 - each / 100) >= SLOWER)
  if (shown.length === 0 || percentiles.length < 2) return
  const marks = participantMarks(run)
  const curves = shown.map(
    (each): Curve => ({
      name: each.participant,
      mark: marks.get(each.participant) ?? '',
      us: percentilesOf(each, percentiles),
    }),
  )
  return {
    id: `${prefix}latency`,
    title: 'Latency',
    caption: `How long ${curves.length === 1 ? 'requests took' : 'the requests of each variant took'}, by percentile, over all valid blocks; to the right are the slowest ones. A percentile is drawn where at least ${SLOWER} requests were slower.`,
    key: curves.map(({ mark, name }) => ({ mark, label: name })),
    draw: (width) => drawCurves(curves, percentiles, width),
    table: {
      columns: ['percentile', ...curves.map(({ name }) => name)],
      rows: percentiles.map((each, index) => [
        `p${each}`,
        ...curves.map(({ us }) => formatUs(us[index] ?? null)),
      ]),
    },
  }
}

function totalOf(latency: ParticipantSummary['latency']): number {
  return latency.reduce((sum, [, count]) => sum + count, 0)
}

function percentilesOf({ latency }: ParticipantSummary, percentiles: readonly number[]): number[] {
  const histogram = new LatencyHistogram()
  histogram.add(latency)
  return percentiles.map((each) => histogram.percentile(each))
}

function drawCurves(
  curves: readonly Curve[],
  percentiles: readonly number[],
  width: number,
): Drawing {
  const height = width > 600 ? 320 : 240
  const [left, right, top, bottom] = [52, width - 12, 10, height - 34]
  const all = curves.flatMap(({ us }) => us).filter((us) => us > 0)
  const domain = [Math.min(...all) / 1.1, Math.max(...all) * 1.1] as const
  const y = logScale(domain, [bottom, top])
  const rarity = (percentile: number): number => 100 / (100 - percentile)
  const x = logScale([rarity(percentiles[0] ?? 0), rarity(percentiles.at(-1) ?? 99)], [left, right])
  const positions = percentiles.map((each) => x(rarity(each)))
  return {
    width,
    height,
    content: [
      ...logTicks(domain).map(
        (us) =>
          markup`<line class="grid" x1="${left}" x2="${right}" y1="${y(us)}" y2="${y(us)}"/><text class="tick" x="${left - 6}" y="${y(us) + 4}" text-anchor="end">${shortUs(us)}</text>`,
      ),
      ...LABELLED.filter((each) => percentiles.includes(each)).map((each) => {
        const at = x(rarity(each))
        return markup`<line class="grid" x1="${at}" x2="${at}" y1="${top}" y2="${bottom}"/><text class="tick" x="${Math.min(at, right - 12)}" y="${bottom + 16}" text-anchor="middle">p${String(each)}</text>`
      }),
      markup`<line class="axis" x1="${left}" x2="${right}" y1="${bottom}" y2="${bottom}"/>`,
      ...curves.map((curve) => drawCurve(curve, positions, y)),
    ],
    stops: positions.map((position, row) => ({ x: position, top, bottom, row })),
    description: curves
      .map(
        ({ name, us }) =>
          `${name}: median ${formatUs(us[percentiles.indexOf(50)] ?? null)}, slowest shown ${formatUs(us.at(-1) ?? null)}`,
      )
      .join('; '),
  }
}

function drawCurve(
  { mark, us }: Curve,
  positions: readonly number[],
  y: (us: number) => number,
): Markup {
  const points = positions
    .map((position, index) => `${position.toFixed(1)},${y(us[index] || 1).toFixed(1)}`)
    .join(' ')
  return markup`<polyline class="curve ${mark}" points="${points}"/>`
}

function shortUs(us: number): string {
  if (us >= 1_000_000) return `${us / 1_000_000} s`
  return us >= 1000 ? `${us / 1000} ms` : `${us} µs`
}
