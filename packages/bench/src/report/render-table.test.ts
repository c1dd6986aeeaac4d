import { expect, it } from 'vitest'
import {
  cpuOf,
  sampleResult,
  sampleRun,
  sampleSlice,
  shortAgainstLong,
} from '../../test/sample-record.ts'
import type { BenchResult, RunRecord } from '../bench/bench-result.ts'
import { textOf } from '../cli/line.ts'
import { renderTable } from './render-table.ts'

const GAPS = /\s{2,}/u

function linesOf(...runs: readonly RunRecord[]): string[] {
  return renderTable(sampleResult(...runs), 200).map(textOf)
}

it('says first what long connections are worth', () => {
  expect(linesOf(shortAgainstLong())[0]).toBe(
    'long connections: 0.40x the CPU per request of short ones [0.40-0.40]; 2.50x the throughput [2.50-2.50]; connections 50 vs 8,000; TIME_WAIT 0 vs 8,000',
  )
})

it('shows times and counts of every participant', () => {
  const lines = linesOf(shortAgainstLong())
  const rowsOf = (id: string): string[] => lines.filter((line) => line.startsWith(`${id} `))
  expect(rowsOf('short').map((row) => row.split(GAPS))).toEqual([
    [
      'short',
      '100.0 µs',
      'slower 2.50x [2.50-2.50]',
      '60.0 µs',
      'slower 3.00x [2.99-3.00]',
      '4,000',
      'slower 0.40x [0.40-0.40]',
      '500.5 µs',
      '2.00 ms',
    ],
    ['short', '8,000', '8,000', '8,000', '1.0', '800', '7,200', '0', '0'],
  ])
  expect(rowsOf('node')).toHaveLength(2)
  expect(rowsOf('node-again')[0]).toContain('noise 1.00x')
})

it('depends on nothing but the JSON', () => {
  const result = sampleResult(shortAgainstLong())
  const copy = JSON.parse(JSON.stringify(result)) as BenchResult
  expect(renderTable(copy, 80)).toEqual(renderTable(result, 80))
})

it('compares the variants if there are no short connections', () => {
  const blocks = Array.from({ length: 8 }, () => [
    sampleSlice('node'),
    sampleSlice('node-again'),
    sampleSlice('agentkeepalive', cpuOf(110_000)),
  ])
  expect(linesOf(sampleRun(['agentkeepalive'], blocks))[0]).toBe(
    'agentkeepalive: slower, 1.10x [1.10-1.10] the CPU per request of node',
  )
})

it('compares the baseline with itself if there is nothing else', () => {
  const blocks = Array.from({ length: 8 }, () => [sampleSlice('node'), sampleSlice('node-again')])
  expect(linesOf(sampleRun([], blocks))[0]).toBe(
    'node-again: unsure, 1.00x [1.00-1.00] the CPU per request of node',
  )
})

it('says so if it is unsure or has nothing to compare', () => {
  const record = shortAgainstLong()
  expect(linesOf({ ...record, blocks: record.blocks.slice(0, 3) })[0]).toContain(
    'long connections: unsure, 0.40x',
  )
  expect(linesOf({ ...record, blocks: record.blocks.slice(0, 1) })[0]).toBe(
    'nothing could be compared',
  )
})

it('marks an invalid run in the first line and gives the reasons', () => {
  const record = sampleRun(
    ['short'],
    [[sampleSlice('node', { problems: ['1 answers were not 2xx'], warnings: ['odd'] })]],
  )
  const lines = linesOf(record)
  expect(lines[0]).toBe('INVALID (1 of 1 slices, see below): nothing could be compared')
  expect(lines).toContain('INVALID block 1, node: 1 answers were not 2xx')
  expect(lines).toContain('note: block 1, node: odd')
})

it('does not fill the screen with remarks', () => {
  const noted = sampleSlice('node', { warnings: ['odd'] })
  const lines = linesOf(
    sampleRun(
      [],
      Array.from({ length: 8 }, () => [noted]),
    ),
  )
  expect(lines.filter((line) => line.startsWith('note:'))).toHaveLength(6)
  expect(lines).toContain('note: 3 more in --json')
})

it('shows what is not known as a dash and says why', () => {
  const unknown = { kernelConnections: null, timeWaits: null }
  const record = sampleRun([], [[sampleSlice('node', unknown), sampleSlice('node-again', unknown)]])
  const lines = linesOf(record)
  expect(
    lines.find((line) => line.startsWith('node ') && line.includes('1,000'))?.split(GAPS),
  ).toEqual(['node', '1,000', '0', '-', '-', '-', '-', '0', '0'])
  expect(lines).toContain('the kernel cannot be asked here: connections as the upstream saw them')
})
