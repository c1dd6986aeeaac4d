import { formatAmount, formatCount, formatMs, formatPercent } from '../report/format.ts'
import { textTable } from '../report/text-table.ts'
import type { SimulationResult } from '../simulation/simulate-fleet.ts'
import type { PlanResult } from './plan-result.ts'

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

/** The simulation of each policy as lines; none where nothing was simulated. */
export function simulationRows({ input, outlooks }: PlanResult): string[] {
  const columns = outlooks.flatMap(({ name, simulation }) =>
    simulation === null ? [] : [{ name, simulation }],
  )
  const first = columns[0]?.simulation
  if (first === undefined) return []
  return [
    `simulated: ${formatMs(first.durationMs)} of ${formatCount(first.simulatedReplicas)} of ${formatCount(input.replicas)} replicas, from a standing start; seed ${first.seed}`,
    ...textTable([
      ['', ...columns.map(({ name }) => name)],
      ...ROWS.map(([label, of]) => [label, ...columns.map(({ simulation }) => of(simulation))]),
    ]),
    ...columns.map(({ name, simulation }) => `closed, ${name}: ${closesOf(simulation)}`),
  ]
}

function peak({ fleetScale }: SimulationResult, levels: readonly number[]): string {
  return formatCount(Math.max(0, ...levels) * fleetScale)
}

function closesOf({ closes }: SimulationResult): string {
  const sorted = Object.entries(closes).toSorted(([, a], [, b]) => b - a)
  return sorted.length === 0
    ? '-'
    : sorted.map(([reason, count]) => `${reason} ${formatCount(count)}`).join(', ')
}
