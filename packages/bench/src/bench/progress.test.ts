import { PassThrough } from 'node:stream'
import type { WriteStream } from 'node:tty'
import { expect, it } from 'vitest'
import { cpuOf, sampleSlice } from '../../test/sample-record.ts'
import { TerminalStream } from '../cli/terminal.ts'
import { Progress } from './progress.ts'

const REPLACE_LINE = '\r\u001B[K'
const TIME_LEFT = /^block 1 of 2: node, \d+ s left$/u

/** Output of a run of one block to a stream with these properties. */
function written(properties: Partial<WriteStream>): string {
  const stream = Object.assign(new PassThrough({ encoding: 'utf8' }), properties)
  const terminal = new TerminalStream(stream as unknown as WriteStream)
  const progress = new Progress(terminal, { blocks: 2, slicesPerBlock: 2 })
  progress.sliceStarts(0, 0, 'short')
  progress.sliceStarts(0, 1, 'node')
  const slices = [sampleSlice('short', cpuOf(200_000)), sampleSlice('node')]
  progress.blockEnds({ index: 0, fork: 0, warmUp: true, slices })
  terminal.clearLive()
  terminal.write('done\n')
  return String(stream.read())
}

it('writes one plain line per block where nobody watches', () => {
  expect(written({})).toBe(
    'block 1 of 2 (warm-up), CPU per request: node 100.0 µs, short 200.0 µs\ndone\n',
  )
})

it('replaces one line on a terminal and leaves nothing of it', () => {
  const text = written({ isTTY: true, columns: 0, hasColors: () => false })
  expect(text.split(REPLACE_LINE)).toEqual([
    '',
    'block 1 of 2: short',
    expect.stringMatching(TIME_LEFT),
    'done\n',
  ])
})

it('dims the line only where colours are wanted, and cuts it to the width', () => {
  const text = written({ isTTY: true, columns: 11, hasColors: () => true })
  expect(text).toContain('\u001B[2mblock 1 of\u001B[22m')
})
