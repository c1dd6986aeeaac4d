import { describe, expect, it } from 'vitest'
import { rowOf, rowsOf, snapshotOf } from '../../test/tcp-rows.ts'
import type { Scope } from './snapshot.ts'
import { HISTORY_LENGTH, Watch, type WatchFrame } from './watch-frame.ts'

const EVERYTHING: Scope = { pid: null, port: null }

const countOf = (frame: WatchFrame, state: string): number | undefined =>
  frame.states.find((line) => line.state === state)?.count

describe('a frame', () => {
  it('has a line for each of the eleven states, with what changed', () => {
    const watch = new Watch(EVERYTHING)
    const first = watch.frame(snapshotOf([rowOf({}), rowOf({ state: 'LISTEN' })]))
    const second = watch.frame(snapshotOf(rowsOf(3, { state: 'TIME_WAIT' })))

    expect(first.states).toHaveLength(11)
    expect(first.states.map(({ delta }) => delta)).toEqual(first.states.map(() => null))
    expect(second.total).toBe(3)
    expect(second.states.filter(({ delta }) => delta !== 0)).toEqual([
      { state: 'LISTEN', count: 0, delta: -1, history: [1, 0] },
      { state: 'ESTABLISHED', count: 0, delta: -1, history: [1, 0] },
      { state: 'TIME_WAIT', count: 3, delta: 3, history: [0, 3] },
    ])
  })

  it('remembers only so much', () => {
    const watch = new Watch(EVERYTHING)
    const frames = Array.from({ length: HISTORY_LENGTH + 5 }, (_, i) =>
      watch.frame(snapshotOf(rowsOf(i))),
    )
    const history = frames.at(-1)?.states.find(({ state }) => state === 'ESTABLISHED')?.history

    expect(history).toHaveLength(HISTORY_LENGTH)
    expect(history?.at(-1)).toBe(HISTORY_LENGTH + 4)
  })
})

describe('the scope', () => {
  it('may be a port, at either end', () => {
    const rows = [
      rowOf({ localPort: 443 }),
      rowOf({ remotePort: 443 }),
      rowOf({ localPort: 40_443, remotePort: 80 }),
    ]

    expect(new Watch({ pid: null, port: 443 }).frame(snapshotOf(rows)).total).toBe(2)
  })

  it('may be a process, with what it has closed attributed by its ports', () => {
    const watch = new Watch({ pid: 1, port: null })
    const inodes = new Set([1, 2, 3])
    const listener = rowOf({ localPort: 80, remotePort: 0, state: 'LISTEN', inode: 1 })
    const accepted = rowOf({ localPort: 80, remotePort: 50_000, inode: 2 })
    const called = rowOf({ localPort: 40_000, remotePort: 443, inode: 3 })
    const others = [
      rowOf({ localPort: 81, remotePort: 0, state: 'LISTEN', inode: 9 }),
      rowOf({ localPort: 40_009, remotePort: 444, state: 'TIME_WAIT' }),
      // Its end of what was accepted is the client's, and no destination of the process.
      rowOf({ localPort: 40_010, remotePort: 50_000, state: 'TIME_WAIT' }),
    ]
    const before = watch.frame(snapshotOf([listener, accepted, called, ...others], { inodes }))
    const after = watch.frame(
      snapshotOf(
        [
          listener,
          rowOf({ localPort: 80, remotePort: 50_000, state: 'TIME_WAIT' }),
          rowOf({ localPort: 40_000, remotePort: 443, state: 'TIME_WAIT' }),
          ...others,
        ],
        { inodes: new Set([1]) },
      ),
    )

    expect([before.total, before.attributed]).toEqual([3, 0])
    expect([after.total, after.attributed, countOf(after, 'TIME_WAIT')]).toEqual([3, 2, 2])
  })
})

describe('CLOSE_WAIT', () => {
  const waiting = rowsOf(3, { state: 'CLOSE_WAIT' })
  const warningsAfter = (watch: Watch, atMs: number, rows = waiting): readonly string[] =>
    watch.frame(snapshotOf(rows, { atMs })).warnings

  it('is a leak where the same connections stay in it', () => {
    const watch = new Watch(EVERYTHING)

    expect(warningsAfter(watch, 0)).toEqual([])
    expect(warningsAfter(watch, 9999)).toEqual([])
    expect(warningsAfter(watch, 10_000)).toEqual([
      'CLOSE_WAIT leak: the peers of 3 connections have closed, and their process has not for up to 10 s',
    ])
    expect(warningsAfter(watch, 11_000, [])).toEqual([])
  })

  it('is none where others take their place', () => {
    const watch = new Watch(EVERYTHING)
    const others = waiting.map((row) => ({ ...row, localPort: row.localPort + 10 }))
    warningsAfter(watch, 0)

    expect(warningsAfter(watch, 10_000, others)).toEqual([])
  })

  it('tells how much the pile has grown', () => {
    const watch = new Watch(EVERYTHING)
    warningsAfter(watch, 0, waiting.slice(0, 1))
    warningsAfter(watch, 5000)

    expect(warningsAfter(watch, 12_000)).toEqual([
      'CLOSE_WAIT leak: the peers of 1 connections have closed, and their process has not for up to 12 s, 2 more than at the least',
    ])
  })
})

describe('ephemeral ports', () => {
  const frame = (rows: ReturnType<typeof rowsOf>): WatchFrame =>
    new Watch(EVERYTHING).frame(snapshotOf(rows))

  it('are counted per destination, those in TIME_WAIT included', () => {
    const rows = [
      ...rowsOf(30, { state: 'TIME_WAIT' }),
      ...rowsOf(2, { localPort: 40_050 }),
      ...rowsOf(5, { remotePort: 444 }),
    ]

    expect(frame(rows).destinations).toEqual([
      { from: '127.0.0.1', to: '127.0.0.1:443', ports: 31, timeWaits: 30, share: 0.31 },
      { from: '127.0.0.1', to: '127.0.0.1:444', ports: 5, timeWaits: 0, share: 0.05 },
    ])
  })

  it('are not those of listeners, nor outside their range', () => {
    const rows = [
      rowOf({ localPort: 40_000, remotePort: 0, state: 'LISTEN' }),
      rowOf({ localPort: 40_000 }),
      rowOf({ localPort: 39_999 }),
      rowOf({ localPort: 40_100 }),
    ]

    expect(frame(rows).destinations).toEqual([])
  })

  it.each([
    [69, []],
    [
      70,
      [
        'ports nearly used up: 127.0.0.1 holds 70 of 100 to 127.0.0.1:443, 70 in TIME_WAIT; more than 1 connections a second cannot last',
      ],
    ],
  ])('warn from 70 %% on: %d', (count, warnings) => {
    expect(frame(rowsOf(count, { state: 'TIME_WAIT' })).warnings).toEqual(warnings)
  })

  it('are not shown where their range is not known', () => {
    const unknown = snapshotOf(rowsOf(100), { ephemeralPorts: null })

    expect(new Watch(EVERYTHING).frame(unknown)).toMatchObject({ destinations: null, warnings: [] })
  })
})
