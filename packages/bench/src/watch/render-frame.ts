import type { Style, StyledLine } from '../cli/line.ts'
import { printable } from '../cli/printable.ts'
import { wrapped } from '../cli/wrapped.ts'
import { formatCount } from '../forms/format.ts'
import { sparkline } from '../forms/sparkline.ts'
import { textTable } from '../forms/text-table.ts'
import { poolTables } from './pool-table.ts'
import type { StateLine } from './state-line.ts'
import type { WatchFrame } from './watch-frame.ts'

/** Greatest width of a sparkline. */
const SPARK_WIDTH = 40
const PERCENT = 100

export interface FrameStyle {
  readonly title: string
  /** Width at which lines are cut. */
  readonly columns: number
  readonly rows: number
  /** Whether states without connections, now and in the shown past, are left out. */
  readonly hidesEmpty?: boolean
  /** Text below the title, if any. */
  readonly status?: string
}

/** Frame as lines that fit the screen. */
export function renderFrame(frame: WatchFrame, style: FrameStyle): readonly StyledLine[] {
  const { title, columns, rows, hidesEmpty = false, status = '' } = style
  const lines = [
    { text: title, style: 'bold' as const },
    status === '' ? plain('') : dim(status),
    ...stateLines(frame, hidesEmpty),
    ...attributionLines(frame),
    ...destinationLines(frame),
    ...poolLines(frame),
    ...frame.warnings.flatMap((warning) => [
      plain(''),
      ...wrapped(`! ${warning}`, columns, '  ').map((text) => red(text)),
    ]),
  ]
  return lines
    .slice(0, rows)
    .map(({ text, style: look }) => ({ text: printable(text).slice(0, columns), style: look }))
}

/**
 * Frame as one line, for pipes and files: only states with connections, or that have just lost
 * them.
 */
export function frameLine({ states, total }: WatchFrame): string {
  const parts = states
    .filter(({ count, delta }) => count !== 0 || (delta ?? 0) !== 0)
    .map(({ state, count, delta }) => `${state} ${count}${delta ? ` (${signed(delta)})` : ''}`)
  return [...parts, `total ${total}`].join(', ')
}

function stateLines(frame: WatchFrame, hidesEmpty: boolean): readonly StyledLine[] {
  const { total } = frame
  const states = frame.states.filter(
    ({ history }) => !hidesEmpty || history.some((each) => each > 0),
  )
  // All on one scale: a bar means the same number of connections in each row.
  const highest = Math.max(1, ...states.flatMap(({ history }) => history.slice(-SPARK_WIDTH)))

  const cells = states.map(({ state, count, delta }) => [
    state,
    formatCount(count),
    delta === null || delta === 0 ? '' : signed(delta),
  ])
  const table = textTable([['state', 'now', 'change'], ...cells, ['total', formatCount(total), '']])
  const width = Math.max(...table.map((text) => text.length))
  return table.map((text, index) => {
    const line = states[index - 1]
    if (line === undefined) return dim(text)
    const spark = line.history.length < 2 ? '' : sparkline(line.history, SPARK_WIDTH, highest)
    return { text: `${text.padEnd(width)}  ${spark}`.trimEnd(), style: styleOf(line) }
  })
}

function styleOf({ count, history }: StateLine): Style {
  return count === 0 && history.every((each) => each === 0) ? 'dim' : 'plain'
}

function attributionLines({ attributed }: WatchFrame): readonly StyledLine[] {
  if (attributed === 0) return []
  const text = `${formatCount(attributed)} of them have no owner any more: attributed by their ports`
  return [dim(text)]
}

function destinationLines({ destinations }: WatchFrame): readonly StyledLine[] {
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
  return [plain(''), dim(head), ...rows.map((text) => plain(text))]
}

function poolLines({ joined }: WatchFrame): readonly StyledLine[] {
  if (joined === null) return []
  return poolTables(joined).flatMap(([head = '', ...lines]) => [
    plain(''),
    dim(head),
    ...lines.map((text) => plain(text)),
  ])
}

function signed(delta: number): string {
  return `${delta > 0 ? '+' : '-'}${formatCount(Math.abs(delta))}`
}

const plain = (text: string): StyledLine => ({ text, style: 'plain' })
const dim = (text: string): StyledLine => ({ text, style: 'dim' })
const red = (text: string): StyledLine => ({ text, style: 'red' })
