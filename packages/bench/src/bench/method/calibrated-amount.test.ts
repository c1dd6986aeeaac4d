import { expect, it } from 'vitest'
import { calibratedAmount, pilotAmount } from './calibrated-amount.ts'

it('scales the measured rate to the length of a slice', () => {
  expect(calibratedAmount({ completed: 1000, elapsedMs: 200 }, 500, 50)).toBe(2500)
})

it('gives every connection something to do', () => {
  expect(calibratedAmount({ completed: 10, elapsedMs: 1000 }, 20, 50)).toBe(50)
  expect(calibratedAmount({ completed: 0, elapsedMs: 0 }, 500, 50)).toBe(50)
  expect(pilotAmount(5000)).toBeGreaterThanOrEqual(5000)
})

it('is bounded', () => {
  expect(calibratedAmount({ completed: 1_000_000, elapsedMs: 1 }, 5000, 50)).toBe(1_000_000)
})
