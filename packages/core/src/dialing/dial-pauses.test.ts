import { describe, expect, it } from 'vitest'
import { DialPauses, FIRST_PAUSE_MS, LONGEST_PAUSE_MS } from './dial-pauses.ts'

/** Begins a pause when the last one is over, and tells how long it takes. */
const lengthOfNext = (pauses: DialPauses, key: string, nowMs: number): number => {
  pauses.takeOver(nowMs)
  pauses.begin(key, nowMs)
  return pauses.nextDeadlineMs - nowMs
}

describe('DialPauses', () => {
  it('doubles with each failure, up to a limit', () => {
    const pauses = new DialPauses()
    const lengths: number[] = []
    let nowMs = 0
    for (let count = 0; count < 7; count++) {
      const lengthMs = lengthOfNext(pauses, 'a', nowMs)
      lengths.push(lengthMs)
      nowMs += lengthMs
    }
    expect(lengths).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000])
  })

  it('lasts until it was told of', () => {
    const pauses = new DialPauses()
    pauses.begin('a', 0)
    expect(pauses.takeOver(FIRST_PAUSE_MS - 1)).toBeUndefined()
    expect(pauses.isPaused('a')).toBe(true)
    expect(pauses.takeOver(FIRST_PAUSE_MS)).toBe('a')
    expect(pauses.isPaused('a')).toBe(false)
    expect(pauses.takeOver(FIRST_PAUSE_MS)).toBeUndefined()
  })

  it.each([
    [FIRST_PAUSE_MS + LONGEST_PAUSE_MS, 2 * FIRST_PAUSE_MS],
    [FIRST_PAUSE_MS + LONGEST_PAUSE_MS + 1, FIRST_PAUSE_MS],
  ])('what fails at %i ms pauses for %i ms', (nowMs, lengthMs) => {
    const pauses = new DialPauses()
    pauses.begin('a', 0)
    expect(lengthOfNext(pauses, 'a', nowMs)).toBe(lengthMs)
  })

  it('is of one origin alone', () => {
    const pauses = new DialPauses()
    pauses.begin('a', 0)
    expect(pauses.isPaused('b')).toBe(false)
    pauses.end('b')
    expect(pauses.isPaused('a')).toBe(true)
    pauses.end('a')
    expect(pauses.nextDeadlineMs).toBe(Number.POSITIVE_INFINITY)
  })

  it('forgets the origin that failed longest ago where there are too many', () => {
    const pauses = new DialPauses()
    for (let index = 0; index <= 10_000; index++) pauses.begin(`origin ${index}`, index)
    expect(pauses.isPaused('origin 0')).toBe(false)
    expect(pauses.isPaused('origin 1')).toBe(true)
    expect(pauses.nextDeadlineMs).toBe(1 + FIRST_PAUSE_MS)
    pauses.clear()
    expect(pauses.nextDeadlineMs).toBe(Number.POSITIVE_INFINITY)
  })
})
