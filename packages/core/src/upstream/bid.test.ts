import { expect, it } from 'vitest'
import { type Bid, generalBid, lowest } from './bid.ts'

const bid = (value: number, text: string, profile: string): Bid => ({
  value,
  reason: { text, profile, verification: 'given' },
})

const FALLBACK = generalBid(9, 'nobody bids')

it('the lowest bid wins, with its reason alone', () => {
  expect(lowest([bid(3, 'three', 'a'), bid(2, 'two', 'b')], FALLBACK)).toEqual({
    value: 2,
    reasons: [{ text: 'two', profile: 'b', verification: 'given' }],
  })
})

it('the fallback counts only where nobody bids', () => {
  expect(lowest([], FALLBACK)).toEqual({ value: 9, reasons: [FALLBACK.reason] })
  expect(lowest([bid(10, 'ten', 'a')], FALLBACK).value).toBe(10)
})

it('those who say the same are told apart, in the same order whoever comes first', () => {
  const one = bid(2, 'same', 'one')
  const other = bid(2, 'same', 'other')
  const expected = { value: 2, reasons: [one.reason, other.reason] }
  expect(lowest([one, other, one], FALLBACK)).toEqual(expected)
  expect(lowest([other, one], FALLBACK)).toEqual(expected)
})
