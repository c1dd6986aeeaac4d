import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { waitingTime } from './waiting-time.ts'

describe('waitingTime', () => {
  it('agrees with what is known of one connection: the share of waiting is its use', () => {
    const wait = waitingTime(0.8, 1, 10)
    expect(wait?.waitShare).toBeCloseTo(0.8, 12)
    expect(wait?.meanWaitMs).toBeCloseTo((0.8 * 10) / 0.2, 12)
    expect(wait?.p99WaitMs).toBeCloseTo(Math.log(80) * 50, 9)
  })

  it('agrees with published tables: 8 erlang on 10 lines wait with 40.9 %', () => {
    expect(waitingTime(8, 10, 1)?.waitShare).toBeCloseTo(0.4092, 4)
  })

  it('has no answer where requests come faster than they are served', () => {
    expect(waitingTime(10, 10, 1)).toBeUndefined()
    expect(waitingTime(9.99, 10, 1)).toBeDefined()
  })

  it('lets nobody wait without a cap', () => {
    expect(waitingTime(1e6, Number.POSITIVE_INFINITY, 1)?.meanWaitMs).toBe(0)
  })

  it('waits less with each further connection', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.1, max: 50, noNaN: true }), (inProgress) => {
        const least = Math.floor(inProgress) + 1
        const waits = Array.from(
          { length: 10 },
          (_, more) => waitingTime(inProgress, least + more, 1)?.meanWaitMs ?? Number.NaN,
        )
        expect(waits).toEqual(waits.toSorted((a, b) => b - a))
        expect(waits.every((wait) => wait >= 0)).toBe(true)
      }),
    )
  })
})
