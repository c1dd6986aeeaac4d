import { describe, expect, it } from 'vitest'
import { IdleLimits, MIN_LEARNED_IDLE_MS } from './idle-limits.ts'

const UNKNOWN = undefined

describe('IdleLimits', () => {
  it('knows no limit before it has learned one', () => {
    expect(new IdleLimits().limitOf('a')).toBe(UNKNOWN)
  })

  it('takes 0.8 of the time after which a peer closed, for that origin alone', () => {
    const limits = new IdleLimits()
    limits.learn('a', 5000)
    expect(limits.limitOf('a')).toBe(4000)
    expect(limits.limitOf('b')).toBe(UNKNOWN)
  })

  it('keeps the shorter of two', () => {
    const limits = new IdleLimits()
    limits.learn('a', 5000)
    limits.learn('a', 10_000)
    expect(limits.limitOf('a')).toBe(4000)
    limits.learn('a', 1000)
    expect(limits.limitOf('a')).toBe(800)
  })

  it('learns nothing from a close that comes right after a response', () => {
    const limits = new IdleLimits()
    limits.learn('a', MIN_LEARNED_IDLE_MS - 1)
    expect(limits.limitOf('a')).toBe(UNKNOWN)
    limits.learn('a', MIN_LEARNED_IDLE_MS)
    expect(limits.limitOf('a')).toBe(200)
  })

  it('widens by a twentieth, and only what it has learned', () => {
    const limits = new IdleLimits()
    limits.learn('a', 1000)
    limits.widen('a')
    limits.widen('b')
    expect(limits.limitOf('a')).toBeCloseTo(840)
    expect(limits.limitOf('b')).toBe(UNKNOWN)
  })

  it('forgets what it learned longest ago once it knows ten thousand origins', () => {
    const limits = new IdleLimits()
    for (let index = 0; index < 10_000; index++) limits.learn(`origin-${index}`, 1000)
    limits.learn('origin-0', 1000)
    limits.learn('one more', 1000)
    expect(limits.limitOf('origin-0')).toBe(800)
    expect(limits.limitOf('origin-1')).toBe(UNKNOWN)
    expect(limits.limitOf('origin-2')).toBe(800)
    expect(limits.limitOf('one more')).toBe(800)
  })
})
