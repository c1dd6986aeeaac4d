import type { Run, Timeline } from '../../bench/bench-result.ts'
import { formatCount } from '../../forms/format.ts'
import type { Drawing, Figure } from '../../forms/html/figure.ts'
import { type Markup, markup } from '../../forms/html/markup.ts'
import { logScale, logTicks, type Scale } from '../../forms/html/scale.ts'
import { shortened } from '../../forms/html/shortened.ts'
import { participantMarks } from './participant-marks.ts'

interface Row {
  readonly name: string
  readonly mark: string
  readonly uses: readonly (readonly [requests: number, connections: number])[]
  readonly connections: number
  readonly requests: number
}

/**
 * Chart of the requests by connection: a disc for each number, as large as there are connections.
 */
export function usesFigure(run: Run, prefix: string): Figure | undefined {
  const rows = rowsOf(run)
  if (rows.length === 0) return
  return {
    id: `${prefix}uses`,
    title: 'Requests per connection',
    caption:
      'Each disc stands for connections that served so many requests, and its area for how many of them there were. Long connections are few and far to the right.',
    key: [],
    draw: (width) => drawRows(rows, width),
    table: {
      columns: ['variant', 'requests on a connection', 'connections', 'requests'],
      rows: rows.flatMap(({ name, uses }) =>
        uses.map(([requests, connections]) => [
          name,
          formatCount(requests),
          formatCount(connections),
          formatCount(requests * connections),
        ]),
      ),
    },
  }
}

function rowsOf(run: Run): Row[] {
  const marks = participantMarks(run)
  return run.timelines.flatMap(({ participant, connectionUses }: Timeline): Row[] => {
    const uses = (connectionUses ?? []).filter(([requests]) => requests > 0)
    if (uses.length === 0) return []
    return [
      {
        name: participant,
        mark: marks.get(participant) ?? '',
        uses,
        connections: uses.reduce((sum, [, connections]) => sum + connections, 0),
        requests: uses.reduce((sum, [requests, connections]) => sum + requests * connections, 0),
      },
    ]
  })
}

const ROW = 58
const LARGEST_RADIUS = 16
/** Least radius, so that a disc can still be seen. */
const SMALLEST_RADIUS = 3

function drawRows(rows: readonly Row[], width: number): Drawing {
  const [left, right] = [20, width - 20]
  const bottom = rows.length * ROW + 6
  const most = Math.max(10, ...rows.flatMap(({ uses }) => uses.map(([requests]) => requests)))
  const x = logScale([1, most], [left, right])
  const largest = Math.max(...rows.flatMap(({ uses }) => uses.map(([, count]) => count)))
  const scale = Math.min(SMALLEST_RADIUS, LARGEST_RADIUS / Math.sqrt(largest))
  return {
    width,
    height: bottom + 38,
    content: [
      ...logTicks([1, most]).map(
        (tick) =>
          markup`<line class="${tick === 1 ? 'axis' : 'grid'}" x1="${x(tick)}" x2="${x(tick)}" y1="4" y2="${bottom}"/>`,
      ),
      ...thinned(logTicks([1, most]), x).map(
        (tick) =>
          markup`<text class="tick" x="${x(tick)}" y="${bottom + 15}" text-anchor="middle">${formatCount(tick)}</text>`,
      ),
      markup`<text class="hint" x="${right}" y="${bottom + 32}" text-anchor="end">requests on one connection →</text>`,
      ...rows.map((row, index) => drawRow(row, { x, y: index * ROW, width, scale })),
    ],
    stops: [],
    description: rows.map((row) => `${row.name}: ${summaryOf(row)}`).join('; '),
  }
}

/** Ticks whose labels do not touch each other. */
function thinned(ticks: readonly number[], x: Scale): number[] {
  const kept: number[] = []
  for (const tick of ticks) {
    const last = kept.at(-1)
    if (last === undefined || x(tick) - x(last) >= 46) kept.push(tick)
  }
  return kept
}

function drawRow(
  row: Row,
  { x, y, width, scale }: Readonly<Record<'y' | 'width' | 'scale', number>> & { readonly x: Scale },
): Markup {
  const discs = row.uses.map(([requests, connections]) => {
    const radius = Math.max(SMALLEST_RADIUS, scale * Math.sqrt(connections))
    return markup`<circle class="disc" cx="${x(requests)}" cy="${y + 38}" r="${radius}"/>`
  })
  return markup`<g class="${row.mark}"><text class="name" x="6" y="${y + 16}">${shortened(row.name, width / 21)}</text><text class="value" x="${width - 6}" y="${y + 16}" text-anchor="end">${width > 600 ? summaryOf(row) : shortSummaryOf(row)}</text>${discs}</g>`
}

function shortSummaryOf({ connections, requests }: Row): string {
  return `${formatCount(connections)} × ${(requests / connections).toFixed(1)} requests`
}

function summaryOf({ connections, requests }: Row): string {
  return `${formatCount(connections)} connection${connections === 1 ? '' : 's'}, ${(requests / connections).toFixed(1)} requests each`
}
