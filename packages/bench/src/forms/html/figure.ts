import type { DataTable } from '../data-table.ts'
import { type Markup, markup, NOTHING } from './markup.ts'

/** Entry of a figure's key; `mark` is the class that gives its colour. */
export interface KeyEntry {
  readonly mark: string
  readonly label: string
}

/** Chart with its texts, and with its numbers as a table. */
export interface Figure {
  /** Identifier, unique in a document. */
  readonly id: string
  readonly title: string
  /** Explanation of the chart, and how to read it. */
  readonly caption: string
  readonly key: readonly KeyEntry[]
  /** Draws the chart for this many CSS pixels. */
  readonly draw: (width: number) => Drawing
  readonly table: DataTable
}

/** Position that a pointer or a key may stop at, with the row of the table that it shows. */
export interface Stop {
  readonly x: number
  /** Upper and lower end of the line that marks it. */
  readonly top: number
  readonly bottom: number
  readonly row: number
}

/** Content of an `svg` element. */
export interface Drawing {
  readonly width: number
  readonly height: number
  readonly content: readonly Markup[]
  /** Stops in the order of the keys; empty where there is nothing to read off. */
  readonly stops: readonly Stop[]
  /** Description of the drawing in words. */
  readonly description: string
}

/** Width of the page's column, and of a phone of 360 px. */
const WIDE = 1080
const NARROW = 312

/**
 * Renders both drawings, of which the style sheet shows the one that fits, and the table behind
 * them.
 */
export function renderFigure(figure: Figure, level: HeadingLevel): Markup {
  const { id, title, caption, key, table } = figure
  const wide = figure.draw(WIDE)
  return markup`<figure id="${id}" class="figure">
<figcaption>${renderHeading(level, title)}<p>${caption}</p></figcaption>
${key.length === 0 ? NOTHING : markup`<ul class="key">${key.map(keyEntry)}</ul>`}
${renderDrawing(figure, wide, 'wide')}${renderDrawing(figure, figure.draw(NARROW), 'narrow')}
${wide.stops.length === 0 ? NOTHING : readout(id)}
<details class="data"><summary>The numbers as a table</summary>
${renderDataTable(table, `${title}, as a table`, `${id}-table`)}
</details>
</figure>
`
}

/** Level of a heading in the page. */
export type HeadingLevel = 2 | 3

/** Heading of a card. */
export function renderHeading(level: HeadingLevel, text: string): Markup {
  return level === 2
    ? markup`<h2 class="title">${text}</h2>`
    : markup`<h3 class="title">${text}</h3>`
}

/** Table that scrolls by itself where it is wider than the page. */
export function renderDataTable(
  { columns, rows, labels = 1 }: DataTable,
  label: string,
  id: string,
): Markup {
  const head = columns.map((column) =>
    column === '' ? markup`<td></td>` : markup`<th scope="col">${column}</th>`,
  )
  const body = rows.map(
    ([name = '', ...cells]) =>
      markup`<tr><th scope="row">${name}</th>${cells.map((cell) => markup`<td>${cell}</td>`)}</tr>
`,
  )
  return markup`<div class="scroll" role="region" aria-label="${label}" tabindex="0"><table id="${id}" data-labels="${labels}"><thead><tr>${head}</tr></thead><tbody>
${body}</tbody></table></div>`
}

function keyEntry({ mark, label }: KeyEntry): Markup {
  return markup`<li><span class="swatch ${mark}"></span>${label}</li>`
}

function readout(id: string): Markup {
  return markup`<output class="readout" id="${id}-readout" aria-live="polite">Point at the chart, or focus it and use the arrow keys.</output>`
}

function renderDrawing({ id, title }: Figure, drawing: Drawing, size: string): Markup {
  const { width, height, content, stops, description } = drawing
  const points = stops
    .map(({ x, top, bottom, row }) => [x, top, bottom, row].map(Math.round).join(':'))
    .join(' ')
  // Readings come from the table, a row for each stop, so that the page holds each number once.
  const reading =
    stops.length === 0
      ? NOTHING
      : markup` tabindex="0" data-points="${points}" data-table="${id}-table" data-readout="${id}-readout"`
  return markup`<svg class="chart ${size}" viewBox="0 0 ${width} ${height}" paint-order="stroke" role="img" aria-labelledby="${id}-${size}-title ${id}-${size}-desc"${reading}>
<title id="${id}-${size}-title">${title}</title>
<desc id="${id}-${size}-desc">${description}</desc>
${content}
${stops.length === 0 ? NOTHING : markup`<line class="cursor" visibility="hidden"/>`}
</svg>
`
}
