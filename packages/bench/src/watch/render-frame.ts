import { formatCount } from '../forms/format.ts'
import { sparkline } from '../forms/sparkline.ts'
import { textTable } from '../forms/text-table.ts'
import { poolTables } from './pool-table.ts'
import type { StateLine } from './state-line.ts'
import type { WatchFrame } from './watch-frame.ts'

/** How wide a sparkline is at most. */
const SPARK_WIDTH = 40
const PERCENT = 100

export interface FrameStyle {
  readonly title: string
  /** Lines are cut at this width. */
  readonly columns: number
  readonly rows: number
  readonly hasColors: boolean
}

/** A frame as lines that fit the screen. */
export function renderFrame(frame: WatchFrame, style: FrameStyle): readonly string[] {
  const { title, columns, rows, hasColors } = style
  const lines = [
    { text: title, paint: bold },
    { text: '', paint: plain },
    ...stateLines(frame),
    ...attributionLines(frame),
    ...destinationLines(frame),
    ...poolLines(frame),
    ...frame.warnings.flatMap((warning) => [
      { text: '', paint: plain },
      ...wrapped(`! ${warning}`, columns).map((text) => ({ text, paint: red })),
    ]),
  ]
  return lines
    .slice(0, rows)
    .map(({ text, paint }) => (hasColors ? paint(text.slice(0, columns)) : text.slice(0, columns)))
}

/** A frame as one line, for what is not a screen: only states that are there, or have just gone. */
export function frameLine({ states, total }: WatchFrame): string {
  const parts = states
    .filter(({ count, delta }) => count !== 0 || (delta ?? 0) !== 0)
    .map(({ state, count, delta }) => `${state} ${count}${delta ? ` (${signed(delta)})` : ''}`)
  return [...parts, `total ${total}`].join(', ')
}

type Paint = (text: string) => string

interface Line {
  readonly text: string
  readonly paint: Paint
}

function stateLines({ states, total }: WatchFrame): readonly Line[] {
  const cells = states.map(({ state, count, delta }) => [
    state,
    formatCount(count),
    delta === null || delta === 0 ? '' : signed(delta),
  ])
  const table = textTable([['state', 'now', 'change'], ...cells, ['total', formatCount(total), '']])
  const width = Math.max(...table.map((text) => text.length))
  return table.map((text, index) => {
    const line = states[index - 1]
    if (line === undefined) return { text, paint: dim }
    const spark = line.history.length < 2 ? '' : sparkline(line.history, SPARK_WIDTH)
    return { text: `${text.padEnd(width)}  ${spark}`.trimEnd(), paint: paintOf(line) }
  })
}

function paintOf({ count, history }: StateLine): Paint {
  return count === 0 && history.every((each) => each === 0) ? dim : plain
}

function attributionLines({ attributed }: WatchFrame): readonly Line[] {
  if (attributed === 0) return []
  const text = `${formatCount(attributed)} of them have no owner any more: attributed by their ports`
  return [{ text, paint: dim }]
}

function destinationLines({ destinations }: WatchFrame): readonly Line[] {
  if (destinations === null || destinations.length === 0) return []
  const cells = destinations.map(({ from, to, ports, timeWaits, share }) => [
    `${from} to ${to}`,
    formatCount(ports),
    formatCount(timeWaits),
    `${(share * PERCENT).toFixed(1)} %`,
  ])
  const [head = '', ...rows] = textTable([
    ['ephemeral ports', 'held', 'TIME_WAIT', 'of all'],
    ...cells,
  ])
  return [
    { text: '', paint: plain },
    { text: head, paint: dim },
    ...rows.map((text) => ({ text, paint: plain })),
  ]
}

function poolLines({ joined }: WatchFrame): readonly Line[] {
  if (joined === null) return []
  return poolTables(joined).flatMap(([head = '', ...lines]) => [
    { text: '', paint: plain },
    { text: head, paint: dim },
    ...lines.map((text) => ({ text, paint: plain })),
  ])
}

function signed(delta: number): string {
  return `${delta > 0 ? '+' : '-'}${formatCount(Math.abs(delta))}`
}

/** Warnings are read to their end, however narrow the screen is. */
function wrapped(text: string, columns: number): readonly string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= columns) {
      lines[lines.length - 1] = `${last} ${word}`
    } else lines.push(lines.length === 0 ? word : `  ${word}`)
  }
  return lines
}

const plain: Paint = (text) => text
const bold: Paint = (text) => `\u001B[1m${text}\u001B[22m`
const dim: Paint = (text) => `\u001B[2m${text}\u001B[22m`
const red: Paint = (text) => `\u001B[31m${text}\u001B[39m`
