import fc from 'fast-check'
import { expect, it } from 'vitest'
import { inverseLaplace } from './inverse-laplace.ts'

it('gives exponentials back, whatever their rate', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0.001, max: 8, noNaN: true }),
      fc.double({ min: 0.01, max: 100, noNaN: true }),
      (product, time) => {
        const rate = product / time
        const [value = Number.NaN] = inverseLaplace((s) => [1 / (s + rate)], time)
        expect(Math.abs(value - Math.exp(-product))).toBeLessThan(1e-4)
      },
    ),
  )
})

it('takes several functions at once', () => {
  const [one, line, none] = inverseLaplace((s) => [1 / s, 1 / s ** 2, 0], 3)
  expect(one).toBeCloseTo(1, 6)
  expect(line).toBeCloseTo(3, 5)
  expect(none).toBe(0)
})
