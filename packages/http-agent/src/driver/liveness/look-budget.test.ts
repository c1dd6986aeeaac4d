import { expect, it } from 'vitest'
import { mayLook } from './look-budget.ts'

it('allows two looks a millisecond', () => {
  expect([1, 1, 1, 1, 2, 2, 2].map(mayLook)).toEqual([true, true, false, false, true, true, false])
})
