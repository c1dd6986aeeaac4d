import { expect, it } from 'vitest'
import { textOf } from '../cli/line.ts'
import { tableLines } from './table-lines.ts'

const TABLE = {
  columns: ['', 'time', 'ratio', 'rate', 'ratio'],
  rows: [['node', '12 ms', '1.00x', '99', '1.01x']],
}

it('is one table where there is room', () => {
  expect(tableLines(TABLE, 80).map(textOf)).toEqual([
    '       time  ratio  rate  ratio',
    'node  12 ms  1.00x    99  1.01x',
  ])
})

it('goes on below where there is none, each part with its labels', () => {
  expect(tableLines(TABLE, 25).map(textOf)).toEqual([
    '       time  ratio  rate',
    'node  12 ms  1.00x    99',
    '',
    '      ratio',
    'node  1.01x',
  ])
})

it('keeps together what belongs together', () => {
  expect(tableLines({ ...TABLE, groups: [2, 2] }, 25).map(textOf)).toEqual([
    '       time  ratio',
    'node  12 ms  1.00x',
    '',
    '      rate  ratio',
    'node    99  1.01x',
  ])
})
