import { performance } from 'node:perf_hooks'
import { expect, it } from 'vitest'
import { LatencyHistogram } from '../../statistics/latency-histogram.ts'
import { LoadTally } from './load-tally.ts'

it('counts answers, and those that are not 2xx', () => {
  const tally = new LoadTally()
  for (const status of [199, 200, 299, 300, 502]) tally.answered(status, performance.now())
  expect(tally.figures()).toMatchObject({ completed: 5, failed: 0, non2xx: 3, errors: {} })
})

it('keeps latencies, counted from when the request began', () => {
  const tally = new LoadTally()
  for (let request = 0; request < 9; request++) tally.answered(200, performance.now())
  const nineFast = new LatencyHistogram()
  nineFast.add(tally.figures().latency)
  tally.answered(200, performance.now() - 12_000)
  const oneSlow = new LatencyHistogram()
  oneSlow.add(tally.figures().latency)

  expect(nineFast.total).toBe(9)
  expect(oneSlow.total).toBe(10)
  expect(oneSlow.percentile(100)).toBeGreaterThan(0.99 * 12_000_000)
})

it('counts errors by code, by name, or as they are', () => {
  const tally = new LoadTally()
  const reset = Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' })
  for (const error of [reset, reset, new TypeError('no'), 'odd']) tally.failed(error)
  expect(tally.figures()).toMatchObject({
    completed: 0,
    failed: 4,
    errors: { ECONNRESET: 2, TypeError: 1, odd: 1 },
  })
})
