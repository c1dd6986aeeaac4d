import { expect, it } from 'vitest'
import { spellMs, spellNumber } from './spell-number.ts'

it.each([
  [0, '0'],
  [999, '999'],
  [1000, '1 000'],
  [28_232, '28 232'],
  [432_000_000, '432 000 000'],
  [1234.5678, '1 234.5678'],
  [Number.POSITIVE_INFINITY, 'Infinity'],
])('%s is %s', (value, text) => {
  expect(spellNumber(value)).toBe(text)
})

it('a duration has its unit', () => {
  expect(spellMs(5000)).toBe('5 000 ms')
})
