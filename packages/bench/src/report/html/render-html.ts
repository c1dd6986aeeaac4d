import type { BenchResult, Run } from '../../bench/bench-result.ts'
import { formatCount } from '../../forms/format.ts'
import { adviceHeadline } from '../../forms/html/advice.ts'
import { type HeadingLevel, renderHeading } from '../../forms/html/figure.ts'
import { type Markup, markup, NOTHING } from '../../forms/html/markup.ts'
import { renderPage } from '../../forms/html/page.ts'
import { renderRace, renderVariants, renderVerdict } from '../render-verdict.ts'
import { renderRun } from './render-run.ts'

const MILLISECONDS = /\.\d+Z$/u

/** Result as one HTML file that needs nothing else. */
export function renderHtml(result: BenchResult): string {
  const [first] = result.runs
  const title = first === undefined ? 'holdfast bench' : `holdfast bench: ${renderVerdict(first)}`
  return renderPage(
    title,
    markup`${renderHeader('holdfast bench', result)}
<main>${renderResult(result, '')}</main>
${renderFooter(result)}`,
  )
}

/** Every run of a result with its verdict, and the circumstances. */
export function renderResult(result: BenchResult, prefix: string, level: Level = 'h1'): Markup {
  const isOnly = result.runs.length === 1 && level === 'h1'
  const runs = result.runs.map((run, index) => {
    const verdict = renderVerdict(run)
    const heading = isOnly
      ? renderHeadline(run)
      : renderRunHeading(run, verdict, `${prefix}run-${index + 1}`, level)
    return markup`${heading}${renderRun(run, `${prefix}run-${index + 1}-`, isOnly ? 2 : 3)}`
  })
  return markup`${level === 'h1' && !isOnly ? renderContents(result, prefix) : NOTHING}${renderWarnings(result)}${runs}${renderCircumstances(result, isOnly ? 2 : 3)}`
}

export function renderHeader(product: string, { startedAt, version }: BenchResult): Markup {
  return markup`<header><p class="product">${product}</p><p class="stamp">${startedAt.replace('T', ' ').replace(MILLISECONDS, ' UTC')}, version ${version}</p><button id="theme" type="button" hidden>Dark</button></header>`
}

export function renderFooter({ schema, commit }: BenchResult): Markup {
  return markup`<footer>Made from a result of schema ${schema}${commit === null ? '' : `, commit ${commit.slice(0, 12)}`}. The JSON has every slice, histogram and sample.</footer>`
}

/** Warnings, which come before any figure. */
function renderWarnings({ warnings }: BenchResult): Markup {
  if (warnings.length === 0) return NOTHING
  return markup`<ul class="alarm" aria-label="Warnings">${warnings.map((warning) => markup`<li>${warning}</li>`)}</ul>`
}

/** Heading level: of a page of its own, or of a part. */
type Level = 'h1' | 'h3'

function renderRunHeading(run: Run, verdict: string, id: string, level: Level): Markup {
  const text = `${run.scenario.connections} at a time: ${verdict}`
  return level === 'h1'
    ? markup`<h2 id="${id}">${text}</h2>`
    : markup`<p class="lead" id="${id}">${text}</p>`
}

/** Headline: the first words of the verdict. Its figures have a place of their own. */
function renderHeadline(run: Run): Markup {
  const race = renderRace(run)
  const losses = race === undefined ? NOTHING : markup`<p class="lead">${race}</p>`
  const advice = run.summary.recommendation
  const plain =
    run.summary.invalidSlices > 0
      ? undefined
      : advice === null
        ? plainHeadline(run)
        : adviceHeadline(advice)
  if (plain === undefined) return markup`<h1>${renderVerdict(run)}</h1>${losses}`
  const details = advice === null ? renderVariants(run) : renderVerdict(run)
  return markup`<h1>${plain}</h1><p class="lead">${details}</p>${losses}`
}

/** Gain of long connections in plain words; undefined where it was not measured. */
function plainHeadline({ summary, scenario }: Run): string | undefined {
  const cpu = summary.comparisons.find(
    ({ metric, candidate, reference }) =>
      metric === 'cpuPerRequest' && candidate === scenario.baseline && reference === 'short',
  )
  const [long, short] = [scenario.baseline, 'short'].map((name) =>
    summary.participants.find(({ participant }) => participant === name),
  )
  if (cpu === undefined || long === undefined || short === undefined) return
  const opened = `${formatCount(long.connections)} connections instead of ${formatCount(short.connections)}`
  if (cpu.verdict === 'unsure')
    return `Long connections open ${opened}; what CPU that saves is unsure`
  const change = Math.round(Math.abs(1 - cpu.ratio) * 100)
  return `Long connections take ${change} % ${cpu.ratio < 1 ? 'less' : 'more'} CPU per request, and open ${opened}`
}

function renderContents({ runs }: BenchResult, prefix: string): Markup {
  const links = runs.map(
    ({ scenario }, index) =>
      markup`<li><a href="#${prefix}run-${index + 1}">${scenario.connections} at a time</a></li>`,
  )
  return markup`<h1>${runs.length} runs, by requests in progress</h1><nav aria-label="Runs"><ul>${links}</ul></nav>`
}

function renderCircumstances(
  { machine, pinning, isolation, versions, commit }: BenchResult,
  level: HeadingLevel,
): Markup {
  const facts: [string, string][] = [
    ['network', isolation.isolated ? 'a namespace of its own' : `shared: ${isolation.reason}`],
    ['CPU', `${machine.cores} × ${machine.cpuModel}`],
    [
      'pinning',
      pinning.pinned
        ? `client on CPU ${pinning.clientCpu}, everything else on CPU ${pinning.otherCpu}`
        : `none: ${pinning.reason}`,
    ],
    ['load before', machine.loadAverage.map((load) => load.toFixed(2)).join(', ')],
    ['kernel', machine.kernel],
    ['Node', machine.nodeVersion],
    ...Object.entries(versions),
    ...(commit === null ? [] : [['commit', commit] as [string, string]]),
    ...Object.entries(machine.sysctls).flatMap(([name, value]): [string, string][] =>
      value === null ? [] : [[name, value]],
    ),
  ]
  return markup`<section class="panel">${renderHeading(level, 'Where it was measured')}
<dl>${facts.map(([name, value]) => markup`<dt>${name}</dt><dd>${value}</dd>`)}</dl></section>`
}
