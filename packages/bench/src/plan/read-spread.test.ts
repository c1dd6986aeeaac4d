import { expect, it } from 'vitest'
import { readArrivals, readSpread } from './read-spread.ts'

it('reads every kind', () => {
  expect(readSpread('service', 'constant')).toEqual({ kind: 'constant' })
  expect(readSpread('service', 'exponential')).toEqual({ kind: 'exponential' })
  expect(readSpread('service', 'lognormal:0.5')).toEqual({ kind: 'lognormal', sigma: 0.5 })
  expect(readArrivals('arrivals', 'exponential')).toEqual({ kind: 'exponential' })
  expect(readArrivals('arrivals', 'bursts:20')).toEqual({ kind: 'bursts', size: 20 })
})

it.each(['', 'normal', 'lognormal', 'lognormal:', 'lognormal:3.5', 'lognormal:x', 'bursts:5'])(
  'refuses %j for a duration',
  (text) => {
    expect(() => readSpread('service', text)).toThrow(`got '${text}'`)
  },
)

it.each(['bursts', 'bursts:0', 'bursts:1.5', 'bursts:1000000'])(
  'refuses %j for arrivals',
  (text) => {
    expect(() => readArrivals('arrivals', text)).toThrow(
      '--arrivals must be constant, exponential,',
    )
  },
)
