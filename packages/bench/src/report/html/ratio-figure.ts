import type { Comparison, Run } from '../../bench/bench-result.ts'
import type { MetricName } from '../../bench/method/metrics.ts'
import { againOf } from '../../bench/method/participants.ts'
import { formatRatio } from '../../forms/format.ts'
import type { Figure } from '../../forms/html/figure.ts'
import { METRIC_TITLES } from '../metric-titles.ts'
import { participantMarks } from './participant-marks.ts'
import { drawRatios, type RatioPanel } from './ratio-plot.ts'

/** Metrics that are drawn, and the meaning of either side of 1. */
const PANELS: readonly (Pick<RatioPanel, 'title' | 'below' | 'above'> & {
  readonly metric: MetricName
})[] = [
  { metric: 'cpuPerRequest', title: 'CPU per request', below: 'less CPU', above: 'more CPU' },
  { metric: 'throughput', title: 'Requests per second', below: 'fewer', above: 'more' },
  { metric: 'p50', title: 'Median latency', below: 'shorter', above: 'longer' },
  { metric: 'p99', title: '99th percentile of latency', below: 'shorter', above: 'longer' },
  {
    metric: 'memoryPerConnection',
    title: 'Heap per idle connection',
    below: 'less',
    above: 'more',
  },
]

/**
 * Chart of every variant against the baseline: a dot for the median of the blocks, a line for its
 * interval.
 */
export function ratioFigure(run: Run, prefix: string): Figure | undefined {
  const { baseline } = run.scenario
  const against = run.summary.comparisons.filter(({ reference }) => reference === baseline)
  if (against.length === 0) return
  return {
    id: `${prefix}ratios`,
    title: `Against ${baseline}`,
    caption: `Each variant's figure divided by that of ${baseline} in the same block: the dot is the median, the line its interval. ${againOf(baseline)} is ${baseline} once more: the band is as wide as it strayed, and nothing within the band is claimed.`,
    key: [],
    draw: (width) =>
      drawRatios(
        PANELS.map((panel) => panelOf(run, panel, against)).filter(({ rows }) => rows.length > 0),
        width,
      ),
    table: {
      columns: ['', 'metric', 'ratio', 'low', 'high', 'coverage', 'blocks', 'verdict'],
      rows: against.map((each) => [
        each.candidate,
        METRIC_TITLES[each.metric],
        each.ratio.toFixed(3),
        each.low.toFixed(3),
        each.high.toFixed(3),
        `${(each.coverage * 100).toFixed(1)} %`,
        String(each.blocks),
        verdictOf(run, each),
      ]),
    },
  }
}

function panelOf(
  run: Run,
  { metric, title, below, above }: (typeof PANELS)[number],
  against: readonly Comparison[],
): RatioPanel {
  const marks = participantMarks(run)
  return {
    title,
    below,
    above,
    floor: run.summary.noiseFloor[metric],
    rows: against
      .filter((each) => each.metric === metric)
      .map((each) => ({
        ...each,
        name: each.candidate,
        mark: marks.get(each.candidate) ?? '',
        value: `${verdictOf(run, each)} ${formatRatio(each)}`,
      })),
  }
}

function verdictOf({ scenario }: Run, { candidate, verdict }: Comparison): string {
  return candidate === againOf(scenario.baseline) ? 'noise' : verdict
}
