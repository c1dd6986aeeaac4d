import { METRIC_NAMES } from '../../bench/method/metrics.ts'
import { factor, formatInterval } from '../../forms/format.ts'
import type { Drawing, Figure } from '../../forms/html/figure.ts'
import type { RunComparison } from '../compare-results.ts'
import { METRIC_TITLES } from '../metric-titles.ts'
import { changesTable } from '../render-comparison.ts'
import { participantMarks } from './participant-marks.ts'
import { drawRatios } from './ratio-plot.ts'

/** Chart of the change of each variant's ratio to the baseline from one result to the other. */
export function comparisonFigure(comparison: RunComparison, id: string): Figure | undefined {
  if (comparison.changes.length === 0) return
  const { baseline } = comparison.after.scenario
  return {
    id,
    title: `What changed against ${baseline}`,
    caption: `Each variant's ratio to ${baseline} in the second result, divided by the same in the first: the dot is the quotient of the medians, the line as wide as both intervals together allow. The band holds what both runs' noise may explain.`,
    key: [],
    draw: (width) => drawChanges(comparison, width),
    table: changesTable(comparison),
  }
}

function drawChanges({ changes, before, after }: RunComparison, width: number): Drawing {
  const marks = participantMarks(after)
  return drawRatios(
    METRIC_NAMES.filter((metric) => changes.some((each) => each.metric === metric)).map(
      (metric) => {
        const [first, second] = [before, after].map(({ summary }) => summary.noiseFloor[metric])
        return {
          title: `${METRIC_TITLES[metric]}, after / before`,
          below: 'lower',
          above: 'higher',
          floor: first && second ? first * second : null,
          rows: changes
            .filter((each) => each.metric === metric)
            .map((each) => ({
              ...each,
              name: each.candidate,
              mark: marks.get(each.candidate) ?? '',
              value: `${each.change} ${factor(each.ratio)} ${formatInterval(each)}`,
            })),
        }
      },
    ),
    width,
  )
}
