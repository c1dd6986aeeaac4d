import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TIME_WAIT_LEDGER_LIMITS, TimeWaitLedger } from './time-wait-ledger.ts'

const PORTS = 28_232
const SLICE_MS = 1000

describe('a single TIME_WAIT', () => {
  it.each([
    [0, 1],
    [59_999, 1],
    [60_000, 0],
    [60_001, 0],
  ])('counts for 60 s to the millisecond: after %i ms %i', (elapsedMs, count) => {
    const ledger = new TimeWaitLedger()
    ledger.record('a', 500)
    expect(ledger.count('a', 500 + elapsedMs)).toBe(count)
    expect(ledger.lastExpiryMs('a', 500 + elapsedMs)).toBe(count === 0 ? undefined : 60_500)
    expect(ledger.nextExpiryMs).toBe(count === 0 ? Number.POSITIVE_INFINITY : 60_500)
  })

  it('ends in time where another destination keeps its slice', () => {
    const ledger = new TimeWaitLedger()
    ledger.record('a', 0)
    ledger.record('b', 999)
    expect(ledger.count('a', 59_999)).toBe(1)
    expect(ledger.count('a', 60_000)).toBe(0)
    expect(ledger.count('b', 60_998)).toBe(1)
    expect(ledger.nextExpiryMs).toBe(60_999)
    expect(ledger.destinationCount).toBe(2)
    ledger.expire(60_999)
    expect(ledger.destinationCount).toBe(0)
    expect(ledger.nextExpiryMs).toBe(Number.POSITIVE_INFINITY)
  })

  it('counts as of the latest instant seen where time goes back', () => {
    const ledger = new TimeWaitLedger()
    ledger.record('a', 5000)
    ledger.record('a', 4000)
    expect(ledger.count('a', 64_999)).toBe(2)
    expect(ledger.lastExpiryMs('a', 64_999)).toBe(65_000)
    expect(ledger.count('a', 65_000)).toBe(0)
  })
})

describe('the share of the ports', () => {
  const filled = (count: number): TimeWaitLedger => {
    const ledger = new TimeWaitLedger()
    for (let index = 0; index < count; index++) ledger.record('a', index / 1000)
    return ledger
  }

  it("is of the 28,232 that are Linux' default", () => {
    const ledger = filled(7058)
    expect(ledger.share('a', 100)).toBe(0.25)
    expect(ledger.share('b', 100)).toBe(0)
  })

  it.each([
    [22_585, false],
    [22_586, true],
    [28_233, true],
  ])('is nearly exhausted from 0.8: with %i %s', (count, isNearlyExhausted) => {
    const ledger = filled(count)
    expect(ledger.share('a', 100)).toBeCloseTo(count / PORTS, 12)
    expect(ledger.isNearlyExhausted('a', 100)).toBe(isNearlyExhausted)
    expect(ledger.isNearlyExhausted('b', 100)).toBe(false)
  })

  it('follows the options', () => {
    const options = { timeWaitMs: 2000, firstPort: 10, lastPort: 13, nearlyExhaustedShare: 0.5 }
    const ledger = new TimeWaitLedger(options)
    ledger.record('a', 0)
    expect(ledger.share('a', 1999)).toBe(0.25)
    expect(ledger.isNearlyExhausted('a', 1999)).toBe(false)
    ledger.record('a', 1999)
    expect(ledger.isNearlyExhausted('a', 1999)).toBe(true)
    expect(ledger.share('a', 2000)).toBe(0.25)
  })
})

describe('the options', () => {
  it.each<[string, unknown]>([
    ['timeWaitMs', 0],
    ['timeWaitMs', 600_001],
    ['timeWaitMs', Number.NaN],
    ['timeWaitMs', '60000'],
    ['timeWaitMs', null],
    ['firstPort', 0],
    ['firstPort', 1.5],
    ['lastPort', 65_536],
    ['lastPort', 32_767],
    ['nearlyExhaustedShare', -0.1],
    ['nearlyExhaustedShare', 1.1],
    ['timeWait', 1],
  ])('refuse %s: %s', (key, value) => {
    expect(() => new TimeWaitLedger({ [key]: value })).toThrow(
      expect.objectContaining({ code: 'ERR_HOLDFAST_INVALID_OPTION', key, value }),
    )
  })

  it.each(Object.entries(TIME_WAIT_LEDGER_LIMITS))('accept the bounds of %s', (key, limit) => {
    const ports = { firstPort: 1, lastPort: 65_535 }
    expect(() => new TimeWaitLedger({ ...ports, [key]: limit.min })).not.toThrow()
    expect(() => new TimeWaitLedger({ ...ports, [key]: limit.max })).not.toThrow()
    expect(() => new TimeWaitLedger({ [key]: undefined })).not.toThrow()
  })
})

interface Step {
  readonly destination: string
  readonly afterMs: number
}

const steps = fc.array(
  fc.record<Step>({
    destination: fc.constantFrom('a', 'b', 'c'),
    afterMs: fc.oneof(
      fc.constantFrom(0, 1, 998, 999, 1000, 1001, 59_000, 59_999, 60_000, 60_001),
      fc.nat(400),
      fc.double({ min: 0, max: 3000, noNaN: true }),
    ),
  }),
  { maxLength: 200, size: 'max' },
)

/** Every TIME_WAIT by itself. */
class NaiveLedger {
  readonly #all: { readonly destination: string; readonly endsAtMs: number }[] = []

  record(destination: string, nowMs: number): void {
    this.#all.push({ destination, endsAtMs: nowMs + 60_000 })
  }

  /** When those end that had not ended at the given instant. */
  endsAfter(destination: string, sinceMs: number): number[] {
    return this.#all
      .filter((entry) => entry.destination === destination && entry.endsAtMs > sinceMs)
      .map(({ endsAtMs }) => endsAtMs)
  }
}

describe('against a list of every TIME_WAIT', () => {
  it('is never too low, and too high by at most what ended within the last slice', () => {
    const property = fc.property(steps, (taken) => {
      const ledger = new TimeWaitLedger()
      const naive = new NaiveLedger()
      let nowMs = 0
      for (const { destination, afterMs } of taken) {
        nowMs += afterMs
        const left = naive.endsAfter(destination, nowMs)
        const leftASliceAgo = naive.endsAfter(destination, nowMs - SLICE_MS)
        const count = ledger.count(destination, nowMs)
        expect(count).toBeGreaterThanOrEqual(left.length)
        expect(count).toBeLessThanOrEqual(left.length === 0 ? 0 : leftASliceAgo.length)
        expect(ledger.lastExpiryMs(destination, nowMs)).toBe(left.at(-1))
        expect(ledger.nextExpiryMs).toBeGreaterThan(nowMs)
        ledger.record(destination, nowMs)
        naive.record(destination, nowMs)
      }
      expect(ledger.count('a', nowMs + 60_000)).toBe(0)
      expect(ledger.destinationCount).toBe(0)
      expect(ledger.nextExpiryMs).toBe(Number.POSITIVE_INFINITY)
    })
    fc.assert(property, { numRuns: 500 })
  })
})
