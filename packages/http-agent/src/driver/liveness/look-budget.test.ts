import { expect, it } from 'vitest'
import { mayLook } from './look-budget.ts'

it('allows one look a millisecond', () => {
  expect([1, 1, 1, 2, 2, 4].map(mayLook)).toEqual([true, false, false, true, false, true])
})
