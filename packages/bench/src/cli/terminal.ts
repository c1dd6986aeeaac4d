import process from 'node:process'
import type { WriteStream } from 'node:tty'

const CLEAR_LINE = '\r\u001B[K'
const DEFAULT_COLUMNS = 80
const DEFAULT_ROWS = 24

/** One of the two output streams. A live line is at the bottom and is replaced by what follows. */
export class TerminalStream {
  /** Whether a person watches, so that a line can be replaced. */
  readonly isLive: boolean
  readonly #stream: WriteStream
  /** Removes the live line, if there is one. */
  #erase = ''

  constructor(stream: WriteStream) {
    this.#stream = stream
    // A reader that has seen enough, such as `head`, closes the pipe. That is no failure of ours.
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error
    })
    this.isLive = stream.isTTY === true && process.env['TERM'] !== 'dumb'
  }

  get columns(): number {
    // Terminals without a known size say 0.
    return this.#stream.columns || DEFAULT_COLUMNS
  }

  get rows(): number {
    return this.#stream.rows || DEFAULT_ROWS
  }

  /** Whether a person watches who wants colours: not with `NO_COLOR`. */
  get hasColors(): boolean {
    return this.isLive && this.#stream.hasColors()
  }

  write(text: string): void {
    this.#stream.write(`${this.#erase}${text}`)
    this.#erase = ''
  }

  /** Replaces the live line; longer text is cut, because a wrapped line cannot be replaced. */
  showLive(text: string): void {
    const line = text.slice(0, this.columns - 1)
    this.#stream.write(`${CLEAR_LINE}${this.#stream.hasColors() ? dim(line) : line}`)
    this.#erase = CLEAR_LINE
  }

  clearLive(): void {
    this.write('')
  }
}

/** Where a command writes: results to `out`, everything else to `err`. */
export interface Terminal {
  readonly out: TerminalStream
  readonly err: TerminalStream
}

export function openTerminal(): Terminal {
  return { out: new TerminalStream(process.stdout), err: new TerminalStream(process.stderr) }
}

function dim(text: string): string {
  return `\u001B[2m${text}\u001B[22m`
}
