import { PROFILES, type UpstreamProfile } from '@holdfast/core/upstreams'
import type { Line, Style } from '../cli/line.ts'
import { wrapped } from '../cli/wrapped.ts'
import type { DataTable } from '../forms/data-table.ts'
import { formatAmount, formatBytes, formatCount, formatMs, formatPercent } from '../forms/format.ts'
import { escapeMarkdown, markdownCode, markdownList, markdownTable } from '../forms/markdown.ts'
import { paragraphs } from '../forms/paragraphs.ts'
import { recommendationLines } from '../forms/recommendation.ts'
import { tableLines } from '../forms/table-lines.ts'
import type { Finding } from './findings.ts'
import type { Forecast, Level } from './forecast.ts'
import type { PlanResult, PolicyOutlook } from './plan-result.ts'
import {
  describeCloses,
  describeSimulation,
  simulatedPolicies,
  simulationTable,
  timeWaitBars,
} from './simulation-table.ts'

/** Plan for a reader: the verdict, what breaks, the figures of each policy, and the premises. */
export function renderPlan(plan: PlanResult, columns: number, isDetailed: boolean): Line[] {
  const prose = (texts: readonly string[], style: Style = 'plain'): Line[] =>
    texts.flatMap((text) => wrapped(text, columns, '  ').map((line) => ({ text: line, style })))
  return paragraphs([
    prose(recommendationLines(plan.recommendation), 'bold'),
    codeLines(plan),
    prose(plan.outlooks.map(verdictOf)),
    prose(remarks(plan), 'yellow'),
    tableLines(forecastTable(plan), columns),
    ...(isDetailed ? simulationLines(plan, columns) : []),
    prose(reasonsOf(plan)),
    prose(premises(plan)),
  ])
}

/** Plan for a pull request. */
export function renderPlanMarkdown(plan: PlanResult): string {
  const simulated = simulatedPolicies(plan)
  const [first] = simulated
  const parts = [
    markdownList(recommendationLines(plan.recommendation)),
    markdownCode(plan.recommendation?.code ?? ''),
    markdownList(plan.outlooks.map(verdictOf)),
    markdownTable(forecastTable(plan)),
    ...(first === undefined
      ? []
      : [
          escapeMarkdown(describeSimulation(first.simulation, plan.input.replicas)),
          markdownTable(simulationTable(simulated)),
          markdownList(describeCloses(simulated)),
        ]),
    markdownList(remarks(plan)),
    markdownList(reasonsOf(plan)),
    markdownList(premises(plan)),
  ]
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`
}

function simulationLines(plan: PlanResult, columns: number): Line[][] {
  const simulated = simulatedPolicies(plan)
  const [first] = simulated
  if (first === undefined) return []
  const table = simulationTable(simulated)
  return [
    [
      ...wrapped(describeSimulation(first.simulation, plan.input.replicas), columns, '  '),
      ...tableLines({ ...table, rows: [...table.rows, ...timeWaitBars(simulated)] }, columns),
      ...describeCloses(simulated).flatMap((line) => wrapped(line, columns, '  ')),
    ],
  ]
}

const JUDGEMENTS: Readonly<Record<Finding['severity'], string>> = {
  breaks: 'BREAKS',
  tight: 'is tight',
  note: 'holds',
}

/** Policy in one line. */
export function verdictOf(outlook: PolicyOutlook): string {
  const { fleet, opensPerSecond, reuseShare, timeWaits } = outlook.forecast
  return `${judgementOf(outlook)}: ${formatAmount(fleet.mean)} connections, ${formatAmount(opensPerSecond)} opened per second, ${formatPercent(reuseShare)} of the requests on a reused one, TIME_WAIT ${formatCount(timeWaits.client.mean)} at the clients and ${formatCount(timeWaits.upstream.mean)} upstream`
}

/** Judgement of a policy in two words. */
export function judgementOf({ name, findings: [worst] }: PolicyOutlook): string {
  return `${name} ${worst === undefined ? 'holds' : JUDGEMENTS[worst.severity]}`
}

const meanAndPeak = ({ mean, peak }: Level): string =>
  `${formatAmount(mean)} / ${formatCount(peak)}`

const ROWS: readonly (readonly [label: string, of: (forecast: Forecast) => string])[] = [
  ['connections opened per second', (each) => formatAmount(each.opensPerSecond)],
  ['requests on a reused connection', (each) => formatPercent(each.reuseShare)],
  ['requests per connection', (each) => formatAmount(each.requestsPerConnection)],
  ['connections, mean / peak', (each) => meanAndPeak(each.fleet)],
  ['  of a replica', (each) => meanAndPeak(each.replica)],
  ['  at a destination', (each) => meanAndPeak(each.destination)],
  ['TIME_WAIT at all clients, mean / peak', (each) => meanAndPeak(each.timeWaits.client)],
  ['  at all destinations', (each) => meanAndPeak(each.timeWaits.upstream)],
  [
    'ports of an address to a destination',
    ({ ports }) => `${formatCount(ports.held)} (${formatPercent(ports.share)})`,
  ],
  ['requests that fail', (each) => formatPercent(each.failedShare)],
  ['  that meet a closed connection', (each) => formatPercent(each.staleShare)],
  ['dialling adds to a request', (each) => formatMs(each.meanDialMs)],
  ['memory of a replica at peak', (each) => formatBytes(each.memory.replicaBytes)],
  ['  of a destination', (each) => formatBytes(each.memory.destinationBytes)],
]

/** Table of the forecasts, a column for each policy. */
export function forecastTable({ outlooks }: PlanResult): DataTable {
  return {
    columns: ['', ...outlooks.map(({ name }) => name)],
    rows: ROWS.map(([label, of]) => [label, ...outlooks.map(({ forecast }) => of(forecast))]),
  }
}

const LABELS: Readonly<Record<Finding['severity'], string>> = {
  breaks: 'BREAKS',
  tight: 'TIGHT',
  note: 'note:',
}

/** Findings of every policy, in sentences. */
export function remarks({ outlooks }: PlanResult): string[] {
  return outlooks.flatMap(({ name, findings }) => findings.map((finding) => remark(name, finding)))
}

/** Reasons for computed policies. */
export function reasonsOf({ outlooks }: PlanResult): string[] {
  return outlooks.flatMap(({ name, reasons }) => reasons.map((reason) => `${name}: ${reason}`))
}

function remark(name: string, { severity, text }: Finding): string {
  return `${LABELS[severity]} ${name}: ${text}`
}

/** Premises of the plan, in sentences. */
export function premises({ input, server, outlooks, version }: PlanResult): string[] {
  const { requestsPerSecond, replicas, destinations, serviceMs, roundTripMs, tls, path } = input
  const [first] = outlooks
  const names = path.map((member) => (typeof member === 'string' ? member : member.name))
  return [
    `${formatCount(requestsPerSecond)} requests/s of ${counted(replicas, 'replica')} to ${counted(destinations, 'destination')}, ${formatMs(serviceMs)} each over a round trip of ${formatMs(roundTripMs)}${tls ? ' with TLS 1.3' : ''}: ${formatAmount(first?.forecast.inProgress ?? 0)} in progress`,
    `path: ${names.length === 0 ? 'nothing known of it' : names.join(', ')}; closes idle connections after ${formatMs(server.idleTimeoutMs)}, takes ${server.maxRequests === Number.POSITIVE_INFINITY ? 'any number of' : formatCount(server.maxRequests)} requests on each, ${server.announces ? 'and says so' : 'and does not say so'}`,
    'figures: of the real pool on a virtual clock, once it has settled; peaks from the standing start on',
    ...timeWaitPremise(path),
    `memory: ${formatBytes(input.replicaBytesPerConnection)} for a connection at a replica, ${formatBytes(input.upstreamBytesPerConnection)} at a destination; holdfast ${version}`,
  ]
}

function counted(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`
}

/** TIME_WAIT of members of the path that keep one for a time of their own. */
function timeWaitPremise(path: PlanResult['input']['path']): string[] {
  return path.flatMap((member) => {
    const profile: Pick<UpstreamProfile, 'timeWaitMs'> | undefined =
      typeof member === 'string' ? PROFILES[member] : undefined
    const fact = profile?.timeWaitMs
    return fact === undefined ? [] : [`TIME_WAIT of ${member} itself: ${formatMs(fact.value)}`]
  })
}

function codeLines({ recommendation }: PlanResult): Line[] {
  return recommendation === null ? [] : recommendation.code.split('\n')
}
