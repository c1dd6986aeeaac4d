import { describe, expect, it } from 'vitest'
import { PoolHarness } from '../../test/pool-harness.ts'
import { HELD_UP_MS } from './reprieve.ts'

const TIMEOUT_MS = 100

const waiting = (...requests: string[]): PoolHarness => {
  const harness = new PoolHarness({ policy: { acquireTimeoutMs: TIMEOUT_MS } })
  for (const request of requests) harness.await(request)
  harness.begin()
  return harness
}

/** The time of the request with this number is up, and its dial goes by the same one. */
const refusal = (number: number): string[] => [
  `reject r${number}: ERR_HOLDFAST_ACQUIRE_TIMEOUT`,
  `close ${number}: aborted`,
]

describe('after the caller was held up', () => {
  const LATE_MS = TIMEOUT_MS + HELD_UP_MS + 1

  it('a dial that had opened meanwhile still serves its request', () => {
    const harness = waiting('r1')
    harness.advanceTo(LATE_MS)
    harness.open(1)
    expect(harness.takeLog()).toEqual(['grant 1 to r1'])
  })

  it('the next call is wanted at once, and refuses who is still overdue', () => {
    const harness = waiting('r1', 'r2')
    harness.advanceTo(LATE_MS)
    expect(harness.pool.nextDeadlineMs).toBe(LATE_MS + 1)
    harness.advanceTo(LATE_MS)
    expect(harness.takeLog()).toEqual([])
    harness.advanceTo(LATE_MS + 1)
    expect(harness.takeLog()).toEqual([...refusal(1), ...refusal(2)])
  })

  it('nobody is let off twice, however long the caller is held up again', () => {
    const harness = waiting('r1')
    harness.advanceTo(LATE_MS)
    harness.advanceTo(10 * LATE_MS)
    expect(harness.takeLog()).toEqual(refusal(1))
  })

  it('who came later is let off in turn', () => {
    const harness = waiting('r1')
    harness.advanceTo(LATE_MS)
    harness.await('r2')
    harness.begin()
    harness.advanceTo(LATE_MS + LATE_MS)
    expect(harness.takeLog()).toEqual(refusal(1))
    expect(harness.pool.nextDeadlineMs).toBe(2 * LATE_MS + 1)
    harness.advanceTo(2 * LATE_MS + 1)
    expect(harness.takeLog()).toEqual(refusal(2))
  })
})

it('a call that is hardly late lets nobody off', () => {
  const harness = waiting('r1')
  harness.advanceTo(TIMEOUT_MS + HELD_UP_MS)
  expect(harness.takeLog()).toEqual(refusal(1))
})
