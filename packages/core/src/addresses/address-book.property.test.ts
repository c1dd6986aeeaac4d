import fc from 'fast-check'
import { expect, it } from 'vitest'
import { AddressBookWalk, BOOK_STEPS } from '../../test/address-book-walk.ts'
import { MAX_ADDRESSES } from './address-book.ts'

const NAMES = [
  ...Array.from({ length: 5 }, (_, index) => `192.0.2.${index}`),
  ...Array.from({ length: 3 }, (_, index) => `2001:db8::${index}`),
]
/** More than a book takes. */
const CROWD = Array.from({ length: MAX_ADDRESSES + 6 }, (_, index) => `198.51.100.${index}`)

const addresses = fc.oneof(
  { weight: 9, arbitrary: fc.shuffledSubarray(NAMES, { minLength: 1 }) },
  { weight: 1, arbitrary: fc.shuffledSubarray(CROWD, { minLength: 1 }) },
)

const plans = fc.record({
  spread: fc.boolean(),
  answers: fc.array(fc.tuple(addresses, fc.boolean()), { minLength: 1, maxLength: 30 }),
  steps: fc.array(fc.tuple(fc.constantFrom(...BOOK_STEPS), fc.nat()), { maxLength: 250 }),
})

it('is what a book would be that remembers everything and thinks anew each time', () => {
  fc.assert(
    fc.property(plans, (plan) => {
      const walk = new AddressBookWalk(plan)
      for (const [step, choice] of plan.steps) {
        walk.take(step, choice)
        expect(walk.entries).toEqual(walk.expected)
        expect(walk.entries.length).toBeLessThanOrEqual(MAX_ADDRESSES)
      }
    }),
    { numRuns: 2000 },
  )
})
