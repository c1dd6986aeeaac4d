import type { Run } from '../../bench/bench-result.ts'
import { factor, formatCount, formatInterval } from '../../forms/format.ts'
import { renderAdvice } from '../../forms/html/advice.ts'
import {
  type HeadingLevel,
  renderDataTable,
  renderFigure,
  renderHeading,
} from '../../forms/html/figure.ts'
import { type Markup, markup, NOTHING } from '../../forms/html/markup.ts'
import { describeMethod, describeRemarks } from '../describe-method.ts'
import { countsTable, timesTable } from '../summary-tables.ts'
import { latencyFigure } from './latency-figure.ts'
import { ratioFigure } from './ratio-figure.ts'
import { statesFigure } from './states-figure.ts'
import { storyFigure } from './story-figure.ts'
import { usesFigure } from './uses-figure.ts'

/** Remarks that the page shows; the JSON has them all. */
const MAX_REMARKS = 20

/** Renders a run without its verdict. */
export function renderRun(run: Run, prefix: string, level: HeadingLevel): Markup {
  const figures = [ratioFigure, latencyFigure, statesFigure, usesFigure]
    .map((figureOf) => figureOf(run, prefix))
    .filter((figure) => figure !== undefined)
  const story = storyFigure(run, prefix)
  const advice = run.summary.recommendation
  return markup`${renderProblems(run)}
${story === undefined ? NOTHING : renderFigure(story, level)}
${renderPoints(run)}
${advice === null ? NOTHING : renderAdvice(advice, level)}
<section class="panel">${renderHeading(level, 'In figures')}
${renderDataTable(timesTable(run), 'What requests cost', `${prefix}times`)}
${renderDataTable(countsTable(run), 'What was counted', `${prefix}counts`)}
</section>
${figures.map((figure) => renderFigure(figure, level))}
${renderSmallPrint(run, level)}`
}

function renderProblems(run: Run): Markup {
  const problems = describeRemarks(run, 'problems', MAX_REMARKS)
  if (problems.length === 0) return NOTHING
  const { invalidSlices, slices } = run.summary
  return markup`<div class="alarm" role="alert"><strong>${formatCount(invalidSlices)} of ${formatCount(slices)} slices are invalid: their witnesses disagree.</strong>
<ul>${problems.map((problem) => markup`<li>${problem}</li>`)}</ul></div>`
}

/** Main figures: long connections against short ones. */
function renderPoints({ summary, scenario }: Run): Markup {
  const { baseline } = scenario
  const [cpu, throughput] = (['cpuPerRequest', 'throughput'] as const).map((metric) =>
    summary.comparisons.find(
      (each) => each.metric === metric && each.candidate === baseline && each.reference === 'short',
    ),
  )
  const long = summary.participants.find(({ participant }) => participant === baseline)
  const short = summary.participants.find(({ participant }) => participant === 'short')
  if (!(cpu && throughput && long && short)) return NOTHING
  const points: [string, string, string][] = [
    [factor(cpu.ratio), formatInterval(cpu), 'the CPU per request of short connections'],
    [factor(throughput.ratio), formatInterval(throughput), 'their requests per second'],
    [
      `${formatCount(long.connections)} / ${formatCount(short.connections)}`,
      '',
      'connections opened, long / short',
    ],
  ]
  if (long.timeWaits !== null && short.timeWaits !== null) {
    points.push([
      `${formatCount(long.timeWaits.client + long.timeWaits.upstream)} / ${formatCount(short.timeWaits.client + short.timeWaits.upstream)}`,
      '',
      `TIME_WAITs, long / short; ${formatCount(short.timeWaits.upstream)} of them upstream`,
    ])
  }
  return markup`<ul class="points">${points.map(([value, interval, label]) => markup`<li><strong>${value} <small>${interval}</small></strong> <span>${label}</span></li>`)}</ul>`
}

function renderSmallPrint(run: Run, level: HeadingLevel): Markup {
  const notes = describeRemarks(run, 'warnings', MAX_REMARKS)
  return markup`<section class="panel">${renderHeading(level, 'How it was measured')}
<ul>${[...describeMethod(run), ...notes].map((line) => markup`<li>${line}</li>`)}</ul>
<details><summary>The upstream ran with</summary><pre tabindex="0">${run.upstream.configuration}</pre></details>
</section>`
}
