import type { DataTable } from '../forms/data-table.ts'
import { formatAmount, formatCount, formatMs, formatPercent } from '../forms/format.ts'
import { sparkline } from '../forms/sparkline.ts'
import type { PlanResult } from './plan-result.ts'
import type { SimulationResult } from './simulation/simulate-fleet.ts'

const CURVE_WIDTH = 20

const ROWS: readonly (readonly [label: string, of: (simulation: SimulationResult) => string])[] = [
  ['requests', (each) => formatCount(each.requests)],
  ['requests on a reused connection', (each) => formatPercent(each.reuseShare)],
  ['connections opened', (each) => formatCount(each.opens)],
  [
    '  per second, of all replicas',
    (each) => formatAmount((each.opens / each.durationMs) * 1000 * each.fleetScale),
  ],
  [
    'requests per connection',
    (each) =>
      each.requestsPerConnection === null ? '-' : formatAmount(each.requestsPerConnection),
  ],
  ['peak connections of a replica', (each) => formatCount(each.peakConnectionsOfReplica)],
  ['  TIME_WAITs to a destination', (each) => formatCount(each.peakTimeWaitsOfReplica)],
  ['peak TIME_WAIT at all clients', (each) => peak(each, each.timeline.clientTimeWaits)],
  ['  at all destinations', (each) => peak(each, each.timeline.upstreamTimeWaits)],
  ['got no connection at once', ({ queue }) => formatPercent(queue.waitedShare)],
  [
    'waited, p50 / p99 / longest',
    ({ queue }) => [queue.p50Ms, queue.p99Ms, queue.maxMs].map(formatMs).join(' / '),
  ],
  ['stale connections, seen in time', ({ stale }) => formatCount(stale.avoided)],
  [
    '  met, sent again / failed',
    ({ stale }) =>
      `${formatCount(stale.met)}, ${formatCount(stale.replayed)} / ${formatCount(stale.failed)}`,
  ],
  ['dials without a port', (each) => formatCount(each.portsExhausted)],
]

/** Policy that was simulated. */
export interface SimulatedPolicy {
  readonly name: string
  readonly simulation: SimulationResult
}

/** Policies of a plan that were simulated. */
export function simulatedPolicies({ outlooks }: PlanResult): SimulatedPolicy[] {
  return outlooks.map(({ name, simulation }) => ({ name, simulation }))
}

/** Table of the counts of each simulation. */
export function simulationTable(policies: readonly SimulatedPolicy[]): DataTable {
  return {
    columns: ['', ...policies.map(({ name }) => name)],
    rows: ROWS.map(([label, of]) => [label, ...policies.map(({ simulation }) => of(simulation))]),
  }
}

/** TIME_WAITs over time as bars, for forms without drawings. */
export function timeWaitBars(policies: readonly SimulatedPolicy[]): string[][] {
  const rowOf = (
    label: string,
    of: (simulation: SimulationResult) => readonly number[],
  ): string[] => [label, ...policies.map(({ simulation }) => curve(of(simulation)))]
  return [
    rowOf('TIME_WAIT over time, clients', ({ timeline }) => timeline.clientTimeWaits),
    rowOf('  destinations', ({ timeline }) => timeline.upstreamTimeWaits),
  ]
}

/** Reasons why connections ended, a line for each policy. */
export function describeCloses(policies: readonly SimulatedPolicy[]): string[] {
  return policies.map(({ name, simulation }) => `closed, ${name}: ${closesOf(simulation)}`)
}

/** Size of the simulation, in a line. */
export function describeSimulation(
  { durationMs, simulatedReplicas, seed }: SimulationResult,
  replicas: number,
): string {
  return `simulated: ${formatMs(durationMs)} of ${formatCount(simulatedReplicas)} of ${formatCount(replicas)} replicas, from a standing start; seed ${seed}`
}

function peak({ fleetScale }: SimulationResult, levels: readonly number[]): string {
  return formatCount(Math.max(0, ...levels) * fleetScale)
}

/** Levels as a line of bars; TIME_WAITs that stay at zero are a line, too. */
function curve(levels: readonly number[]): string {
  if (levels.every((level) => level === 0)) return '-'
  const step = Math.ceil(levels.length / CURVE_WIDTH)
  return sparkline(
    levels.filter((_, index) => index % step === step - 1),
    CURVE_WIDTH,
  )
}

function closesOf({ closes }: SimulationResult): string {
  const sorted = Object.entries(closes).toSorted(([, a], [, b]) => b - a)
  return sorted.length === 0
    ? '-'
    : sorted.map(([reason, count]) => `${reason} ${formatCount(count)}`).join(', ')
}
