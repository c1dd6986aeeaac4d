import { describe, expect, it } from 'vitest'
import { rowsOf, snapshotOf } from '../../test/tcp-rows.ts'
import { type FrameStyle, frameLine, renderFrame } from './render-frame.ts'
import { Watch, type WatchFrame } from './watch-frame.ts'

const WIDE: FrameStyle = { title: 'a title', columns: 80, rows: 50 }

const textsOf = (frame: WatchFrame, style: FrameStyle): string[] =>
  renderFrame(frame, style).map(({ text }) => text)

/** Two looks: ten connections, of which eight are then in TIME_WAIT. */
function twoLooks(): WatchFrame {
  const watch = new Watch({ pid: null, port: null })
  watch.frame(snapshotOf(rowsOf(10)))
  return watch.frame(snapshotOf([...rowsOf(2), ...rowsOf(82, { state: 'TIME_WAIT' }).slice(2)]))
}

function nearlyUsedUp(): WatchFrame {
  return new Watch({ pid: null, port: null }).frame(snapshotOf(rowsOf(90)))
}

describe('a frame on a screen', () => {
  it('shows counts, changes and the past', () => {
    const lines = textsOf(twoLooks(), WIDE)

    expect(lines.slice(0, 3)).toEqual(['a title', '', 'state         now  change'])
    expect(lines).toContain('ESTABLISHED     2      -8  ▁▁')
    expect(lines).toContain('TIME_WAIT      80     +80   █')
    expect(lines).toContain('total          82')
    expect(lines).toContain('127.0.0.1 to 127.0.0.1:443    82         80  82.0 %')
  })

  it.each([10, 20, 40, 79])('is never wider than %d columns', (columns) => {
    for (const frame of [twoLooks(), nearlyUsedUp()]) {
      const widths = textsOf(frame, { ...WIDE, columns }).map((line) => line.length)

      expect(Math.max(...widths)).toBeLessThanOrEqual(columns)
    }
  })

  it('is never higher than the screen', () => {
    expect(renderFrame(nearlyUsedUp(), { ...WIDE, rows: 5 })).toHaveLength(5)
  })

  it('shows a warning to its end', () => {
    const lines = textsOf(nearlyUsedUp(), { ...WIDE, columns: 40 })
    const warning = lines.slice(lines.findIndex((line) => line.startsWith('!')))

    expect(warning.map((line) => line.trim()).join(' ')).toMatch(
      /^! ports nearly used up: .* connections a second cannot last$/u,
    )
  })

  it('shows a warning in red', () => {
    const lines = renderFrame(nearlyUsedUp(), WIDE)

    expect(lines.find(({ text }) => text.startsWith('! ports nearly used up'))?.style).toBe('red')
  })
})

it('is one line elsewhere: what is there, and what has gone', () => {
  const watch = new Watch({ pid: null, port: null })
  const lines = [rowsOf(2), rowsOf(1, { state: 'CLOSE_WAIT' }), []].map((rows) =>
    frameLine(watch.frame(snapshotOf(rows))),
  )

  expect(lines).toEqual([
    'ESTABLISHED 2, total 2',
    'ESTABLISHED 0 (-2), CLOSE_WAIT 1 (+1), total 1',
    'CLOSE_WAIT 0 (-1), total 0',
  ])
})
