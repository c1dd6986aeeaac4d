import type { TerminalStream } from './terminal.ts'

const ENTER = '\u001B[?1049h\u001B[?25l'
const LEAVE = '\u001B[?25h\u001B[?1049l'
const HOME = '\u001B[H'
const CLEAR_TO_LINE_END = '\u001B[K'
const CLEAR_BELOW = '\u001B[J'

/** The terminal's second screen, which is drawn over in place and leaves no trace of itself. */
export class Screen {
  readonly #stream: TerminalStream

  constructor(stream: TerminalStream) {
    this.#stream = stream
    stream.write(ENTER)
  }

  /** No line may be wider than the screen. */
  draw(lines: readonly string[]): void {
    const text = lines.map((line) => `${line}${CLEAR_TO_LINE_END}`).join('\r\n')
    this.#stream.write(`${HOME}${text}${CLEAR_BELOW}`)
  }

  leave(): void {
    this.#stream.write(LEAVE)
  }
}
