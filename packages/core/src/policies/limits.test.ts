import { expect, it } from 'vitest'
import { CHOICES, describeChoices, describeGroup, describeLimit, GROUPS, LIMITS } from './limits.ts'

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

it.each(Object.entries(GROUPS))(
  '%s has defaults that it accepts itself',
  (_, { limits, about }) => {
    for (const limit of Object.values(limits)) {
      expect(limit.default).toBeGreaterThanOrEqual(limit.min)
      expect(limit.default).toBeLessThanOrEqual(limit.max)
    }
    expect(about).not.toBe('')
  },
)

it('limits and choices are told in words', () => {
  const limit = { default: 1, min: 1, max: 10, isInteger: true, about: '' }
  expect(describeLimit(limit)).toBe('a whole number from 1 to 10')
  expect(describeLimit({ ...limit, isInteger: false })).toBe('a number from 1 to 10')
  expect(describeLimit({ ...limit, max: Number.POSITIVE_INFINITY })).toBe(
    'a whole number from 1, or Infinity',
  )
  expect(describeChoices(['peek', 'none'])).toBe("one of 'peek', 'none'")
  expect(describeGroup({ limits: { probes: limit }, flags: {}, about: '' })).toBe(
    'false, or an object of any of probes (a whole number from 1 to 10)',
  )
  expect(describeGroup({ limits: { probes: limit }, flags: { spread: true }, about: '' })).toBe(
    'false, or an object of any of probes (a whole number from 1 to 10), spread (true or false)',
  )
})
