import { TCP_STATE_NAMES, type TcpState } from '@holdfast/core/tcp'
import { formatCount, formatMs } from '../format.ts'
import type { Drawing, Figure, KeyEntry, Stop } from './figure.ts'
import { type Markup, markup } from './markup.ts'
import { linearScale, roundTicks, type Scale } from './scale.ts'
import { shortened } from './shortened.ts'

type Side = 'client' | 'upstream'

const SIDES: readonly Side[] = ['client', 'upstream']

/** States that are drawn. A listener is no connection, and the kernel has forgotten closed ones. */
const DRAWN: readonly TcpState[] = [
  'ESTABLISHED',
  ...TCP_STATE_NAMES.filter(
    (state) => !['ESTABLISHED', 'LISTEN', 'CLOSED', 'TIME_WAIT'].includes(state),
  ),
  'TIME_WAIT',
]

/** Samples that a chart shows at most; a screen has no room for more. */
const MAX_SAMPLES = 150

interface Panel {
  readonly name: string
  readonly side: Side
  readonly samples: readonly HistorySample[]
  /** Row of the table with this panel's first sample; the others follow. */
  readonly firstRow: number
}

/** Connections by state on both sides, at one instant. */
export interface HistorySample {
  readonly atMs: number
  readonly client: Readonly<Partial<Record<TcpState, number>>>
  readonly upstream: Readonly<Partial<Record<TcpState, number>>>
}

/** Connections of one participant or policy over time. */
export interface StateHistory {
  readonly name: string
  readonly samples: readonly HistorySample[]
}

/**
 * Draws connections by TCP state over time, on both sides, all on one scale; undefined without
 * samples.
 */
export function stateHistoryFigure(
  histories: readonly StateHistory[],
  words: Pick<Figure, 'id' | 'title' | 'caption'> & { readonly subject: string },
): Figure | undefined {
  const panels = panelsOf(histories)
  if (panels.length === 0) return
  const { id, title, caption, subject } = words
  const occurring = DRAWN.filter((state) =>
    panels.some(({ side, samples }) => samples.some((sample) => (sample[side][state] ?? 0) > 0)),
  )
  return {
    id,
    title,
    caption,
    key: keyOf(occurring),
    draw: (width) => drawPanels(panels, occurring, width),
    table: {
      columns: [subject, 'side', 'time', ...TCP_STATE_NAMES],
      labels: 3,
      rows: panels.flatMap(({ name, side, samples }) =>
        samples.map((sample) => [
          name,
          side,
          `${(sample.atMs / 1000).toFixed(2)} s`,
          ...TCP_STATE_NAMES.map((state) => formatCount(sample[side][state] ?? 0)),
        ]),
      ),
    },
  }
}

/** Colour classes of the style sheet; rare states share the colour of their phase. */
const MARKS: Readonly<Partial<Record<TcpState, string>>> = {
  SYN_SENT: 'state-opening',
  SYN_RECEIVED: 'state-opening',
  ESTABLISHED: 'state-established',
  FIN_WAIT_1: 'state-finishing',
  FIN_WAIT_2: 'state-finishing',
  CLOSING: 'state-finishing',
  CLOSE_WAIT: 'state-close-wait',
  LAST_ACK: 'state-last-ack',
  TIME_WAIT: 'state-time-wait',
}

const markOf = (state: TcpState): string => MARKS[state] ?? ''

function keyOf(states: readonly TcpState[]): KeyEntry[] {
  const marks = [...new Set(states.map(markOf))]
  return marks.map((mark) => ({
    mark,
    label: states.filter((state) => markOf(state) === mark).join(', '),
  }))
}

function panelsOf(histories: readonly StateHistory[]): Panel[] {
  const panels: Panel[] = []
  let firstRow = 0
  for (const { name, samples } of histories) {
    const thinned = thin(samples)
    if (thinned.length === 0) continue
    for (const side of SIDES) {
      panels.push({ name, side, samples: thinned, firstRow })
      firstRow += thinned.length
    }
  }
  return panels
}

/** Every nth sample, and the last. */
function thin(samples: readonly HistorySample[]): HistorySample[] {
  const step = Math.ceil(samples.length / MAX_SAMPLES)
  return samples.filter((_, index) => index % step === 0 || index === samples.length - 1)
}

const totalOf = (sample: HistorySample, side: Side, states: readonly TcpState[]): number =>
  states.reduce((sum, state) => sum + (sample[side][state] ?? 0), 0)

const peakOf = ({ samples, side }: Panel, states: readonly TcpState[]): number =>
  Math.max(...samples.map((sample) => totalOf(sample, side, states)))

interface Grid {
  readonly columns: number
  readonly cellWidth: number
  readonly cellHeight: number
}

const GAP = 18
const LEFT = 46

function gridOf(panels: readonly Panel[], width: number): Grid {
  // Client above upstream, a column for each variant; on a phone one below the other.
  const columns = width > 600 ? Math.min(4, panels.length / 2) : 1
  const cellWidth = (width - LEFT - 6 - (columns - 1) * GAP) / columns
  return { columns, cellWidth, cellHeight: width > 600 ? 170 : 124 }
}

function drawPanels(panels: readonly Panel[], states: readonly TcpState[], width: number): Drawing {
  const grid = gridOf(panels, width)
  const ticks = roundTicks(Math.max(1, ...panels.map((panel) => peakOf(panel, states))), 3)
  const longestMs = Math.max(1, ...panels.flatMap(({ samples }) => samples.map(({ atMs }) => atMs)))
  const y = linearScale([0, ticks.at(-1) ?? 1], [grid.cellHeight - 18, 38])
  const x = linearScale([0, longestMs], [0, grid.cellWidth])
  const placed = panels.map((panel, index) => ({ panel, ...placeOf(index, grid) }))
  const height = Math.max(...placed.map(({ top }) => top + grid.cellHeight))
  return {
    width,
    height,
    content: placed.map(
      ({ panel, left, top }) =>
        markup`<g transform="translate(${left} ${top})">${drawPanel(panel, states, { x, y, ticks, longestMs, grid, hasAxis: left === LEFT })}</g>`,
    ),
    stops: placed.flatMap(({ panel, left, top }): Stop[] =>
      panel.samples.map(({ atMs }, index) => ({
        x: left + x(atMs),
        top: top + 34,
        bottom: top + grid.cellHeight - 18,
        row: panel.firstRow + index,
      })),
    ),
    description: panels
      .map(
        (panel) =>
          `${panel.name}, ${panel.side}: at most ${formatCount(peakOf(panel, states))} connections, of which ${formatCount(peakOf(panel, ['TIME_WAIT']))} in TIME_WAIT`,
      )
      .join('; '),
  }
}

function placeOf(
  index: number,
  { columns, cellHeight, cellWidth }: Grid,
): {
  readonly left: number
  readonly top: number
} {
  if (columns === 1) return { left: LEFT, top: index * (cellHeight + 8) }
  const variant = Math.floor(index / 2)
  const row = 2 * Math.floor(variant / columns) + (index % 2)
  return { left: LEFT + (variant % columns) * (cellWidth + GAP), top: row * (cellHeight + 8) }
}

interface PanelScales {
  readonly x: Scale
  readonly y: Scale
  readonly ticks: readonly number[]
  readonly longestMs: number
  readonly grid: Grid
  readonly hasAxis: boolean
}

function drawPanel(panel: Panel, states: readonly TcpState[], scales: PanelScales): Markup[] {
  const { x, y, ticks, longestMs, grid, hasAxis } = scales
  const right = grid.cellWidth
  return [
    markup`<text class="name" x="0" y="13">${shortened(panel.name, right / 9)}</text><text class="hint" x="0" y="29">${panel.side}</text><text class="value" x="${right}" y="29" text-anchor="end">peak ${formatCount(peakOf(panel, states))}</text>`,
    ...ticks.map(
      (tick) =>
        markup`<line class="${tick === 0 ? 'axis' : 'grid'}" x1="0" x2="${right}" y1="${y(tick)}" y2="${y(tick)}"/>${hasAxis ? [markup`<text class="tick" x="-6" y="${y(tick) + 4}" text-anchor="end">${formatCount(tick)}</text>`] : []}`,
    ),
    ...bandsOf(panel, states).map(
      ({ state, points }) =>
        markup`<polygon class="band ${markOf(state)}" points="${points.map(([atMs, level]) => `${x(atMs).toFixed(1)},${y(level).toFixed(1)}`).join(' ')}"/>`,
    ),
    markup`<text class="tick" x="${right}" y="${grid.cellHeight - 4}" text-anchor="end">${formatMs(longestMs)}</text><text class="tick" x="0" y="${grid.cellHeight - 4}">0</text>`,
  ]
}

/** Stacked bands of the states: along the top of each, and back along its bottom. */
function bandsOf(
  { samples, side }: Panel,
  states: readonly TcpState[],
): { readonly state: TcpState; readonly points: readonly (readonly [number, number])[] }[] {
  const bottoms = samples.map(() => 0)
  return states
    .map((state) => {
      const lower = samples.map(({ atMs }, index) => [atMs, bottoms[index] ?? 0] as const)
      for (const [index, sample] of samples.entries()) {
        bottoms[index] = (bottoms[index] ?? 0) + (sample[side][state] ?? 0)
      }
      const upper = samples.map(({ atMs }, index) => [atMs, bottoms[index] ?? 0] as const)
      return { state, points: [...upper, ...lower.toReversed()] }
    })
    .filter(({ state }) => samples.some((sample) => (sample[side][state] ?? 0) > 0))
}
