import type { Drawing } from '../../forms/html/figure.ts'
import { type Markup, markup } from '../../forms/html/markup.ts'
import { logScale, type Scale } from '../../forms/html/scale.ts'
import { shortened } from '../../forms/html/shortened.ts'

/** Ratio with its interval, as one row of a plot. */
export interface RatioRow {
  readonly name: string
  /** Class that gives its colour. */
  readonly mark: string
  /** Text at its end. */
  readonly value: string
  readonly ratio: number
  readonly low: number
  readonly high: number
}

/** Ratios of one kind, on one axis. */
export interface RatioPanel {
  readonly title: string
  /** Meaning of either side of 1. */
  readonly below: string
  readonly above: string
  /** Factor of the noise; null where it is not known. */
  readonly floor: number | null
  readonly rows: readonly RatioRow[]
}

const TICKS = [
  0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.8, 0.9, 1, 1.1, 1.2, 1.5, 2, 3, 5, 10, 20, 50, 100,
]

/** Least distance between ticks. */
const TICK_GAP = 38

const PANEL_GAP = 44
const TOP = 30
const ROW = 42

/** Draws dots with their intervals, panels beside each other where there is room. */
export function drawRatios(panels: readonly RatioPanel[], width: number): Drawing {
  const isWide = width > 600
  const panelWidth = isWide ? (width - PANEL_GAP) / 2 : width
  const columns = isWide ? 2 : 1
  const heights = panels.map(({ rows }) => TOP + rows.length * ROW + 64)
  const placed = panels.map((panel, index) => ({
    panel,
    x: (index % columns) * (panelWidth + PANEL_GAP),
    // Panels beside each other have the same rows, and so the same height.
    y: sum(heights.filter((_, each) => each % columns === 0 && each < index - (index % columns))),
  }))
  const lowest = sum(heights.filter((_, each) => each % columns === 0))
  return {
    width,
    height: lowest - 22,
    content: placed.map(
      ({ panel, x, y }) =>
        markup`<g transform="translate(${x} ${y})">${drawPanel(panel, panelWidth)}</g>`,
    ),
    stops: [],
    description: panels
      .map(
        ({ title, rows }) =>
          `${title}: ${rows.map(({ name, value }) => `${name} ${value}`).join(', ')}`,
      )
      .join('; '),
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

function drawPanel({ title, below, above, floor, rows }: RatioPanel, width: number): Markup[] {
  const ends = rows.flatMap(({ low, high }) => [low, high])
  const domain = [
    Math.min(1 / (floor ?? 1), 0.95, ...ends) / 1.04,
    Math.max(floor ?? 1, 1.05, ...ends) * 1.04,
  ] as const
  const x = logScale(domain, [6, width - 6])
  const bottom = TOP + rows.length * ROW + 4
  return [
    markup`<text class="panel-title" x="0" y="14">${title}</text>`,
    ...(floor === null
      ? []
      : [
          markup`<rect class="floor" x="${x(1 / floor)}" y="${TOP - 6}" width="${x(floor) - x(1 / floor)}" height="${bottom - TOP + 6}"/>`,
        ]),
    ...ticksOf(domain, x).map(
      (tick) =>
        markup`<line class="${tick === 1 ? 'axis' : 'grid'}" x1="${x(tick)}" x2="${x(tick)}" y1="${TOP - 6}" y2="${bottom}"/><text class="tick" x="${x(tick)}" y="${bottom + 15}" text-anchor="middle">${String(tick)}</text>`,
    ),
    markup`<text class="hint" x="6" y="${bottom + 32}">← ${below}</text><text class="hint" x="${width - 6}" y="${bottom + 32}" text-anchor="end">${above} →</text>`,
    ...rows.map((row, index) => drawRow(row, x, TOP + index * ROW, width)),
  ]
}

function drawRow(
  { name, mark, value, ratio, low, high }: RatioRow,
  x: Scale,
  y: number,
  width: number,
): Markup {
  const middle = y + 28
  const cap = (at: number): Markup =>
    markup`<line class="interval" x1="${x(at)}" x2="${x(at)}" y1="${middle - 4}" y2="${middle + 4}"/>`
  return markup`<g class="${mark}"><text class="name" x="6" y="${y + 14}">${shortened(name, width / 18)}</text><text class="value" x="${width - 6}" y="${y + 14}" text-anchor="end">${value}</text><line class="interval" x1="${x(low)}" x2="${x(high)}" y1="${middle}" y2="${middle}"/>${[cap(low), cap(high)]}<circle class="dot" cx="${x(ratio)}" cy="${middle}" r="5"/></g>`
}

function ticksOf([low, high]: readonly [number, number], x: Scale): number[] {
  const inside = TICKS.filter((tick) => tick >= low && tick <= high)
  // 1 always has its tick; others give way to those that are placed already.
  const placed = [1]
  for (const tick of inside.toSorted((a, b) => Math.abs(Math.log(a)) - Math.abs(Math.log(b)))) {
    if (placed.every((each) => Math.abs(x(each) - x(tick)) >= TICK_GAP)) placed.push(tick)
  }
  return placed
}
