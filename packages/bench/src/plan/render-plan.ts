import type { Line, Style } from '../cli/line.ts'
import type { DataTable } from '../forms/data-table.ts'
import { formatAmount, formatBytes, formatCount, formatMs, formatPercent } from '../forms/format.ts'
import { escapeMarkdown, markdownList, markdownTable } from '../forms/markdown.ts'
import { paragraphs } from '../forms/paragraphs.ts'
import { tableLines } from '../forms/table-lines.ts'
import { wrapped } from '../forms/wrapped.ts'
import type { ConnectionCounts, Estimate } from './estimate.ts'
import type { Finding } from './findings.ts'
import type { PlanResult, PolicyOutlook } from './plan-result.ts'
import {
  describeCloses,
  describeSimulation,
  simulatedPolicies,
  simulationTable,
  timeWaitBars,
} from './simulation-table.ts'

/** The plan for a reader: the verdict, what breaks, the figures of each policy, and the premises. */
export function renderPlan(plan: PlanResult, columns: number): Line[] {
  const prose = (texts: readonly string[], style: Style = 'plain'): Line[] =>
    texts.flatMap((text) => wrapped(text, columns, '  ').map((line) => ({ text: line, style })))
  return paragraphs([
    prose(plan.outlooks.map(verdictOf), 'bold'),
    prose(remarks(plan), 'yellow'),
    tableLines(estimateTable(plan), columns),
    ...simulationLines(plan, columns),
    prose(reasonsOf(plan)),
    prose(premises(plan)),
  ])
}

/** The same for a pull request. */
export function renderPlanMarkdown(plan: PlanResult): string {
  const simulated = simulatedPolicies(plan)
  const [first] = simulated
  const parts = [
    markdownList(plan.outlooks.map(verdictOf)),
    markdownTable(estimateTable(plan)),
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

/** A policy in one line. */
export function verdictOf(outlook: PolicyOutlook): string {
  const { estimate } = outlook
  const { fleet, opensPerSecond, reuseShare, timeWaits } = estimate
  return `${judgementOf(outlook)}: ${formatAmount(fleet.mean)} connections, ${formatAmount(opensPerSecond)} opened per second, ${formatPercent(reuseShare)} of the requests on a reused one, TIME_WAIT ${formatCount(timeWaits.client)} at the clients and ${formatCount(timeWaits.upstream)} upstream`
}

/** Whether a policy holds, in two words. */
export function judgementOf({ name, findings: [worst] }: PolicyOutlook): string {
  return `${name} ${worst === undefined ? 'holds' : JUDGEMENTS[worst.severity]}`
}

const meanAndPeak = ({ mean, peak }: ConnectionCounts): string =>
  `${formatAmount(mean)} / ${formatCount(peak)}`

const ROWS: readonly (readonly [label: string, of: (estimate: Estimate) => string])[] = [
  ['connections opened per second', (each) => formatAmount(each.opensPerSecond)],
  ['requests on a reused connection', (each) => formatPercent(each.reuseShare)],
  ['requests per connection', (each) => formatAmount(each.requestsPerConnection)],
  ['connections, mean / peak', (each) => meanAndPeak(each.fleet)],
  ['  of a replica', (each) => meanAndPeak(each.replica)],
  ['  at a destination', (each) => meanAndPeak(each.destination)],
  ['TIME_WAIT at all clients', (each) => formatCount(each.timeWaits.client)],
  ['  at all destinations', (each) => formatCount(each.timeWaits.upstream)],
  [
    'ports of an address to a destination',
    ({ ports }) => `${formatCount(ports.held)} (${formatPercent(ports.share)})`,
  ],
  ['an idle connection ends after', ({ idleEnd }) => describeIdleEnd(idleEnd)],
  ['dialling adds to a request', (each) => formatMs(each.meanDialMs)],
  ['99 of 100 wait at most', ({ wait }) => (wait === null ? 'no end' : formatMs(wait.p99WaitMs))],
  ['memory of a replica at peak', (each) => formatBytes(each.memory.replicaBytes)],
  ['  of a destination', (each) => formatBytes(each.memory.destinationBytes)],
]

function describeIdleEnd({ afterMs, why }: Estimate['idleEnd']): string {
  if (why === 'max_requests') return 'is never idle'
  return why === 'server' ? `${formatMs(afterMs)} (upstream)` : `${formatMs(afterMs)} (${why})`
}

/** What each policy leads to. */
export function estimateTable({ outlooks }: PlanResult): DataTable {
  return {
    columns: ['', ...outlooks.map(({ name }) => name)],
    rows: ROWS.map(([label, of]) => [label, ...outlooks.map(({ estimate }) => of(estimate))]),
  }
}

const LABELS: Readonly<Record<Finding['severity'], string>> = {
  breaks: 'BREAKS',
  tight: 'TIGHT',
  note: 'note:',
}

/** What breaks, is tight, or worth knowing, of every policy. */
export function remarks({ outlooks }: PlanResult): string[] {
  return outlooks.flatMap(({ name, findings }) => findings.map((finding) => remark(name, finding)))
}

/** Why a computed policy is what it is. */
export function reasonsOf({ outlooks }: PlanResult): string[] {
  return outlooks.flatMap(({ name, reasons }) => reasons.map((reason) => `${name}: ${reason}`))
}

function remark(name: string, { severity, text }: Finding): string {
  return `${LABELS[severity]} ${name}: ${text}`
}

/** What the plan rests on. */
export function premises({ input, server, outlooks, version }: PlanResult): string[] {
  const { requestsPerSecond, replicas, destinations, serviceMs, roundTripMs, tls, path } = input
  const [first] = outlooks
  const names = path.map((member) => (typeof member === 'string' ? member : member.name))
  return [
    `${formatCount(requestsPerSecond)} requests/s of ${formatCount(replicas)} replicas to ${formatCount(destinations)} destinations, ${formatMs(serviceMs)} each over a round trip of ${formatMs(roundTripMs)}${tls ? ' with TLS 1.3' : ''}: ${formatAmount(first?.estimate.inProgress ?? 0)} in progress`,
    `path: ${names.length === 0 ? 'nothing known of it' : names.join(', ')}; closes idle connections after ${formatMs(server.idleTimeoutMs)}, takes ${server.maxRequests === Number.POSITIVE_INFINITY ? 'any number of' : formatCount(server.maxRequests)} requests on each, ${server.announces ? 'and says so' : 'and does not say so'}`,
    'estimates: for requests that come at random and last exponentially; peaks are exceeded in 1 of 1000 instants',
    `memory: ${formatBytes(input.replicaBytesPerConnection)} for a connection at a replica, ${formatBytes(input.upstreamBytesPerConnection)} at a destination; holdfast ${version}`,
  ]
}
