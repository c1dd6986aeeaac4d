import { expect, it } from 'vitest'
import { checkNumber } from './bounds.ts'

const WHOLE = { min: 1, max: 10, isInteger: true }
const OPEN = { min: 0, max: Number.POSITIVE_INFINITY, isInteger: false }

it.each([1, 10])('takes both bounds: %s', (value) => {
  expect(checkNumber('key', value, WHOLE)).toBe(value)
})

it('takes Infinity where it is the bound, even as a whole number', () => {
  const count = { ...OPEN, isInteger: true }
  expect(checkNumber('key', Number.POSITIVE_INFINITY, count)).toBe(Number.POSITIVE_INFINITY)
})

it.each([0, 11, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '5', 5n, null, undefined, {}])(
  'refuses %s',
  (value) => {
    expect(() => checkNumber('key', value, WHOLE)).toThrow(
      expect.objectContaining({
        code: 'ERR_HOLDFAST_INVALID_OPTION',
        key: 'key',
        value,
        allowed: 'a whole number from 1 to 10',
      }),
    )
  },
)

it('says where there is no upper bound', () => {
  expect(() => checkNumber('key', -1, OPEN)).toThrow('key must be a number from 0, or Infinity')
})
