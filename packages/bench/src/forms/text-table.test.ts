import { expect, it } from 'vitest'
import { textTable } from './text-table.ts'

it('aligns names to the left and figures to the right', () => {
  const rows = [
    ['', 'count', 'time'],
    ['node', '5', '12.5 ms'],
    ['agentkeepalive', '12,345', ''],
  ]
  expect(textTable(rows)).toEqual([
    '                 count     time',
    'node                 5  12.5 ms',
    'agentkeepalive  12,345',
  ])
})

it('takes no rows', () => {
  expect(textTable([])).toEqual([])
})
