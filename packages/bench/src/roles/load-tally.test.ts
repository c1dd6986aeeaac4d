import { expect, it } from 'vitest'
import { LoadTally } from './load-tally.ts'

it('counts answers, and those that are not 2xx', () => {
  const tally = new LoadTally()
  for (const status of [199, 200, 299, 300, 502]) tally.answered(status, 1)
  expect(tally.figures()).toMatchObject({ completed: 5, non2xx: 3, errors: {} })
})

it('keeps latencies in microseconds', () => {
  const tally = new LoadTally()
  for (let request = 0; request < 98; request++) tally.answered(200, 0.25)
  tally.answered(200, 0)
  tally.answered(200, 12)
  const { p50Us, p99Us } = tally.figures()
  expect(p50Us).toBe(250)
  expect(p99Us).toBeLessThan(1000)
  tally.answered(200, 12)
  expect(tally.figures().p99Us / 12_000).toBeCloseTo(1, 2)
})

it('counts errors by code, by name, or as they are', () => {
  const tally = new LoadTally()
  const reset = Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' })
  for (const error of [reset, reset, new TypeError('no'), 'odd']) tally.failed(error)
  expect(tally.figures().errors).toEqual({ ECONNRESET: 2, TypeError: 1, odd: 1 })
})
