import { Screen } from '../cli/screen.ts'
import type { TerminalStream } from '../cli/terminal.ts'
import { frameLine, renderFrame } from './render-frame.ts'
import type { Scope } from './snapshot.ts'
import type { WatchFrame } from './watch-frame.ts'
import { watchResult } from './watch-result.ts'

/** Shows frames as they come. */
export interface WatchView {
  readonly show: (frame: WatchFrame) => void
  /** Whatever it took of the terminal is given back. */
  readonly end: () => void
}

/** For programs: one line of JSON a frame. */
export function jsonView(out: TerminalStream, scope: Scope): WatchView {
  return {
    show: (frame) => {
      out.write(`${JSON.stringify(watchResult(frame, scope, new Date().toISOString()))}\n`)
    },
    end: () => undefined,
  }
}

/** For one look: the whole frame, as wide as it is. */
export function onceView(out: TerminalStream, title: string): WatchView {
  return { show: (frame) => writeFrame(frame, out, title), end: () => undefined }
}

/** For pipes and files: one line a frame, and each warning when it comes up. */
export function lineView(out: TerminalStream): WatchView {
  let warned = new Set<string>()
  return {
    show: (frame) => {
      out.write(`${clockTime()} ${frameLine(frame)}\n`)
      for (const warning of frame.warnings) {
        // What is the same but for its figures has been said.
        if (!warned.has(kindOf(warning))) out.write(`${clockTime()} warning: ${warning}\n`)
      }
      warned = new Set(frame.warnings.map(kindOf))
    },
    end: () => undefined,
  }
}

/** For a person at a terminal: in place; the last frame stays when it ends. */
export function screenView(out: TerminalStream, title: string): WatchView {
  const screen = new Screen(out)
  let last: WatchFrame | undefined
  return {
    show: (frame) => {
      last = frame
      const { columns, rows, hasColors } = out
      const style = { title: `${title}  ${clockTime()}`, columns, rows, hasColors }
      screen.draw(renderFrame(frame, style))
    },
    end: () => {
      screen.leave()
      if (last !== undefined) writeFrame(last, out, title)
    },
  }
}

function writeFrame(frame: WatchFrame, out: TerminalStream, title: string): void {
  const columns = out.isLive ? out.columns : Number.POSITIVE_INFINITY
  const style = { title, columns, rows: Number.POSITIVE_INFINITY, hasColors: out.hasColors }
  out.write(`${renderFrame(frame, style).join('\n')}\n`)
}

function kindOf(warning: string): string {
  return warning.replaceAll(/[\d,]+/gu, '#')
}

function clockTime(): string {
  return new Date().toTimeString().slice(0, 8)
}
