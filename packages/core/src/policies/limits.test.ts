import { expect, it } from 'vitest'
import { CHOICES, describeChoices, describeLimit, LIMITS } from './limits.ts'

it.each(Object.entries(LIMITS))('%s has a default that it accepts itself', (_, limit) => {
  expect(limit.default).toBeGreaterThanOrEqual(limit.min)
  expect(limit.default).toBeLessThanOrEqual(limit.max)
  expect(limit.about).not.toBe('')
})

it.each(Object.entries(CHOICES))('%s has values, each of them once', (_, { values, about }) => {
  expect(values.length).toBeGreaterThan(1)
  expect(new Set(values).size).toBe(values.length)
  expect(about).not.toBe('')
})

it('limits and choices are told in words', () => {
  const limit = { default: 1, min: 1, max: 10, isInteger: true, about: '' }
  expect(describeLimit(limit)).toBe('a whole number from 1 to 10')
  expect(describeLimit({ ...limit, isInteger: false })).toBe('a number from 1 to 10')
  expect(describeLimit({ ...limit, max: Number.POSITIVE_INFINITY })).toBe(
    'a whole number from 1, or Infinity',
  )
  expect(describeChoices(['peek', 'none'])).toBe("one of 'peek', 'none'")
})
