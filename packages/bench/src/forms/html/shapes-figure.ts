import { formatCount, formatMs } from '../format.ts'
import type { Drawing, Figure } from './figure.ts'
import { type Markup, markup } from './markup.ts'
import { linearScale, type Scale } from './scale.ts'
import { shortened } from './shortened.ts'
import type { HistorySample, StateHistory } from './state-history-figure.ts'

/** One half of the picture: open connections and TIME_WAITs of both ends over time. */
interface Shape {
  readonly name: string
  readonly points: readonly ShapePoint[]
}

interface ShapePoint {
  readonly atMs: number
  readonly open: number
  readonly timeWaits: number
}

const WIDE = 600
const GAP = 40
const TOP = 74
const AXIS = 24

/**
 * Main picture: TIME_WAITs that short connections pile up, beside the flat line of long ones, on
 * one scale. Undefined without samples.
 */
export function shapesFigure(
  histories: readonly StateHistory[],
  words: Pick<Figure, 'id' | 'title' | 'caption'> & { readonly subject: string },
): Figure | undefined {
  const shapes = histories.map(shapeOf).filter(({ points }) => points.length > 0)
  if (shapes.length === 0) return
  const { id, title, caption, subject } = words
  return {
    id,
    title,
    caption,
    key: [
      { mark: 'state-time-wait', label: 'TIME_WAIT, on both sides' },
      { mark: 'state-established', label: 'open connections' },
    ],
    draw: (width) => drawShapes(shapes, width),
    table: {
      columns: [subject, 'time', 'open connections', 'TIME_WAIT'],
      labels: 2,
      rows: shapes.flatMap(({ name, points }) =>
        points.map(({ atMs, open, timeWaits }) => [
          name,
          `${(atMs / 1000).toFixed(2)} s`,
          formatCount(open),
          formatCount(timeWaits),
        ]),
      ),
    },
  }
}

function shapeOf({ name, samples }: StateHistory): Shape {
  return {
    name,
    points: samples.map((sample) => ({
      atMs: sample.atMs,
      open: sample.client.ESTABLISHED ?? 0,
      timeWaits: timeWaitsOf(sample),
    })),
  }
}

function timeWaitsOf({ client, upstream }: HistorySample): number {
  return (client.TIME_WAIT ?? 0) + (upstream.TIME_WAIT ?? 0)
}

const peakOf = (values: readonly number[]): number => Math.max(0, ...values)

function drawShapes(shapes: readonly Shape[], width: number): Drawing {
  const columns = width > WIDE ? Math.min(shapes.length, 2) : 1
  const cellWidth = (width - (columns - 1) * GAP) / columns
  // Both have to fit on the first screen of a phone.
  const cellHeight = width > WIDE ? 300 : 150
  const highest = peakOf(
    shapes.flatMap(({ points }) => points.flatMap((p) => [p.open, p.timeWaits])),
  )
  const longestMs = peakOf(shapes.flatMap(({ points }) => points.map(({ atMs }) => atMs)))
  const x = linearScale([0, longestMs], [0, cellWidth])
  const y = linearScale([0, Math.max(1, highest)], [cellHeight - AXIS, TOP])
  return {
    width,
    height: Math.ceil(shapes.length / columns) * (cellHeight + 16),
    content: shapes.map((shape, index) => {
      const left = (index % columns) * (cellWidth + GAP)
      const top = Math.floor(index / columns) * (cellHeight + 16)
      const drawn = drawShape(shape, { x, y, cellWidth, cellHeight, longestMs })
      return markup`<g transform="translate(${left} ${top})">${drawn}</g>`
    }),
    stops: [],
    description: shapes
      .map(({ name, points }) => `${name}: ${labelOf(points)}, ${openLabelOf(points)}`)
      .join('; '),
  }
}

interface Frame {
  readonly x: Scale
  readonly y: Scale
  readonly cellWidth: number
  readonly cellHeight: number
  readonly longestMs: number
}

function drawShape({ name, points }: Shape, frame: Frame): Markup[] {
  const { x, y, cellWidth, cellHeight, longestMs } = frame
  const floor = cellHeight - AXIS
  const lineOf = (of: (point: ShapePoint) => number): string =>
    points.map((point) => `${x(point.atMs).toFixed(1)},${y(of(point)).toFixed(1)}`).join(' ')
  const last = points.at(-1)?.atMs ?? 0
  return [
    markup`<text class="name" x="0" y="14">${shortened(name, cellWidth / 9)}</text><text class="figure-label state-time-wait" x="0" y="44">${labelOf(points)}</text><text class="hint" x="0" y="64">${openLabelOf(points)}</text>`,
    markup`<polygon class="band state-time-wait" points="0,${floor} ${lineOf(({ timeWaits }) => timeWaits)} ${x(last).toFixed(1)},${floor}"/>`,
    markup`<polyline class="curve state-established" points="${lineOf(({ open }) => open)}"/>`,
    markup`<line class="axis" x1="0" x2="${cellWidth}" y1="${floor}" y2="${floor}"/>`,
    markup`<text class="tick" x="0" y="${cellHeight - 6}">0</text><text class="tick" x="${cellWidth}" y="${cellHeight - 6}" text-anchor="end">${formatMs(longestMs)}</text>`,
  ]
}

function labelOf(points: readonly ShapePoint[]): string {
  const peak = peakOf(points.map(({ timeWaits }) => timeWaits))
  return `${formatCount(peak)} TIME_WAIT${peak === 1 ? '' : 's'}`
}

function openLabelOf(points: readonly ShapePoint[]): string {
  return `at most ${formatCount(peakOf(points.map(({ open }) => open)))} open at a time`
}
