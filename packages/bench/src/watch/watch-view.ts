import type { TerminalStream } from '../cli/terminal.ts'
import { frameLine, renderFrame } from './render-frame.ts'
import type { Scope } from './snapshot.ts'
import type { WatchFrame } from './watch-frame.ts'
import type { WatchChoices, WatchKeys } from './watch-keys.ts'
import { watchResult } from './watch-result.ts'

/** Shows frames as they come. */
export interface WatchView {
  readonly show: (frame: WatchFrame) => void
  /** Restores the terminal. */
  readonly end: () => void
}

/** View for programs: one line of JSON a frame. */
export function jsonView(out: TerminalStream, scope: Scope): WatchView {
  return {
    show: (frame) => {
      out.write(`${JSON.stringify(watchResult(frame, scope, new Date().toISOString()))}\n`)
    },
    end: () => undefined,
  }
}

/** View of one look: the whole frame, as wide as it is. */
export function onceView(out: TerminalStream, title: string): WatchView {
  return { show: (frame) => writeFrame(frame, out, title), end: () => undefined }
}

/** View for pipes and files: one line a frame, and each warning when it first appears. */
export function lineView(out: TerminalStream): WatchView {
  let warned = new Set<string>()
  return {
    show: (frame) => {
      // Skips warnings that differ only in their figures.
      const news = frame.warnings.filter((warning) => !warned.has(kindOf(warning)))
      out.writeLines([
        `${clockTime()} ${frameLine(frame)}`,
        ...news.map((warning) => `${clockTime()} warning: ${warning}`),
      ])
      warned = new Set(frame.warnings.map(kindOf))
    },
    end: () => undefined,
  }
}

/** View for a person at a terminal: drawn in place; the last frame stays at the end. */
export function screenView(out: TerminalStream, title: string, keys?: WatchKeys): WatchView {
  out.enterScreen()
  let last: WatchFrame | undefined
  const draw = (): void => {
    if (last === undefined) return
    const { columns, rows } = out
    const heading = `${title}  ${clockTime()}`
    const { hidesEmpty = false } = keys?.choices ?? {}
    const status = keys === undefined ? '' : statusOf(keys.choices)
    out.drawScreen(renderFrame(last, { title: heading, columns, rows, hidesEmpty, status }))
  }
  if (keys !== undefined) keys.onChange = draw
  return {
    show: (frame) => {
      if (keys?.choices.isPaused && last !== undefined) return
      last = frame
      draw()
    },
    end: () => {
      out.leaveScreen()
      if (last !== undefined) writeFrame(last, out, title)
    },
  }
}

function writeFrame(frame: WatchFrame, out: TerminalStream, title: string): void {
  const rows = Number.POSITIVE_INFINITY
  out.writeLines(renderFrame(frame, { title, columns: out.columns, rows }))
}

function statusOf({ isPaused, sortBy, hidesEmpty }: WatchChoices): string {
  return [
    isPaused ? 'PAUSED, p goes on' : 'q quits, p pauses',
    `s sorts by ${sortBy === 'ports' ? 'TIME_WAIT' : 'ports'}`,
    `z ${hidesEmpty ? 'shows' : 'hides'} empty states`,
  ].join(', ')
}

function kindOf(warning: string): string {
  return warning.replaceAll(/[\d,]+/gu, '#')
}

function clockTime(): string {
  return new Date().toTimeString().slice(0, 8)
}
