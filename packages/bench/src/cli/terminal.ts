import process from 'node:process'
import type { WriteStream } from 'node:tty'
import { type Line, type Style, textOf } from './line.ts'
import { printable, printableLines } from './printable.ts'

const CLEAR_LINE = '\r\u001B[K'
const DEFAULT_COLUMNS = 80
const DEFAULT_ROWS = 24

/** Control sequences that this program sends to a terminal. */
const SEQUENCES = {
  enterScreen: '\u001B[?1049h\u001B[?25l',
  leaveScreen: '\u001B[?25h\u001B[?1049l',
  home: '\u001B[H',
  clearToLineEnd: '\u001B[K',
  clearBelow: '\u001B[J',
} as const

const PAINTS: Readonly<Record<Style, readonly [on: string, off: string]>> = {
  plain: ['', ''],
  bold: ['\u001B[1m', '\u001B[22m'],
  dim: ['\u001B[2m', '\u001B[22m'],
  green: ['\u001B[32m', '\u001B[39m'],
  red: ['\u001B[31m', '\u001B[39m'],
  yellow: ['\u001B[33m', '\u001B[39m'],
}

/**
 * Output stream. Only {@link SEQUENCES} and colours reach the terminal as control sequences,
 * whatever the text. A live line is at the bottom; the next output replaces it.
 */
export class TerminalStream {
  /** Whether a person watches, so that a line can be replaced. */
  readonly isLive: boolean
  readonly #stream: WriteStream
  readonly #gone = new AbortController()
  /** Sequence that removes the live line, if there is one. */
  #erase = ''

  constructor(stream: WriteStream) {
    this.#stream = stream
    // A reader that has seen enough, such as `head`, closes the pipe. That is no failure of ours.
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error
      this.#gone.abort()
    })
    this.isLive = stream.isTTY === true && process.env['TERM'] !== 'dumb'
  }

  /** Aborted when nobody reads the stream any more. */
  get gone(): AbortSignal {
    return this.#gone.signal
  }

  /** Width of the terminal; elsewhere `COLUMNS`, or 80. */
  get columns(): number {
    // Terminals without a known size say 0.
    return this.#stream.columns || Number(process.env['COLUMNS']) || DEFAULT_COLUMNS
  }

  get rows(): number {
    return this.#stream.rows || DEFAULT_ROWS
  }

  /** Whether a person watches and has not set `NO_COLOR`. */
  get hasColors(): boolean {
    return this.isLive && this.#stream.hasColors()
  }

  /** Writes text whose line feeds end lines. */
  write(text: string): void {
    this.#send(printableLines(text))
  }

  /** Writes lines. A line feed within a line is escaped. */
  writeLines(lines: readonly Line[]): void {
    this.#send(lines.map((line) => `${this.#painted(line)}\n`).join(''))
  }

  /** Draws over the whole screen. No line may be wider than the screen. */
  drawScreen(lines: readonly Line[]): void {
    const { home, clearToLineEnd, clearBelow } = SEQUENCES
    const text = lines.map((line) => `${this.#painted(line)}${clearToLineEnd}`).join('\r\n')
    this.#send(`${home}${text}${clearBelow}`)
  }

  /** Switches to the terminal's second screen, which leaves no trace. */
  enterScreen(): void {
    this.#send(SEQUENCES.enterScreen)
  }

  leaveScreen(): void {
    this.#send(SEQUENCES.leaveScreen)
  }

  /** Replaces the live line. Longer text is cut, because a wrapped line cannot be replaced. */
  showLive(text: string): void {
    const line = printable(text).slice(0, this.columns - 1)
    this.#stream.write(`${CLEAR_LINE}${this.#painted({ text: line, style: 'dim' })}`)
    this.#erase = CLEAR_LINE
  }

  clearLive(): void {
    this.#send('')
  }

  #painted(line: Line): string {
    const text = printable(textOf(line))
    if (typeof line === 'string' || !this.hasColors) return text
    const [on, off] = PAINTS[line.style]
    return `${on}${text}${off}`
  }

  #send(text: string): void {
    this.#stream.write(`${this.#erase}${text}`)
    this.#erase = ''
  }
}

/** Streams of a command: results go to `out`, everything else to `err`. */
export interface Terminal {
  readonly out: TerminalStream
  readonly err: TerminalStream
}

export function openTerminal(): Terminal {
  return { out: new TerminalStream(process.stdout), err: new TerminalStream(process.stderr) }
}
