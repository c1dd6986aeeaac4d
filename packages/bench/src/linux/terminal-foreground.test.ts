import { expect, it } from 'vitest'
import { isForeground } from './terminal-foreground.ts'

it.each([
  ['1 (node) S 2 3 4 34816 3 0', true],
  ['1 (a) b) 9) S 2 3 4 34816 3 0', true],
  ['1 (node) S 2 3 4 34816 9 0', false],
  ['1 (node) S 2 3 4 0 -1 0', false],
  ['', false],
])('%j is in the foreground: %s', (stat, expected) => {
  expect(isForeground(stat)).toBe(expected)
})
