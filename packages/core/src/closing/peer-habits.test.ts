import { expect, it } from 'vitest'
import { MAX_VAIN_WAITS, PeerHabits, RETRY_EVERY } from './peer-habits.ts'

/** How often of so many connections it is worth while to wait, where that is always in vain. */
const waitsOf = (habits: PeerHabits, connections: number): number => {
  let waits = 0
  for (let count = 0; count < connections; count++) {
    if (!habits.shouldWait('a')) continue
    waits++
    habits.waitedInVain('a')
  }
  return waits
}

it('gives up a peer that lets three waits in a row pass, and tries it again now and then', () => {
  const habits = new PeerHabits()
  expect(waitsOf(habits, MAX_VAIN_WAITS)).toBe(MAX_VAIN_WAITS)
  expect(waitsOf(habits, RETRY_EVERY - 1)).toBe(0)
  expect(waitsOf(habits, 1)).toBe(1)
  expect(waitsOf(habits, 1000)).toBeLessThan(70)
  expect(waitsOf(habits, 1000)).toBeGreaterThan(50)
})

it('waits again for a peer that has closed', () => {
  const habits = new PeerHabits()
  waitsOf(habits, 10)
  habits.closed('a')
  expect(waitsOf(habits, 3)).toBe(3)
})

it('takes no failures in a row that are none', () => {
  const habits = new PeerHabits()
  for (let count = 0; count < 10; count++) {
    expect(waitsOf(habits, 2)).toBe(2)
    habits.closed('a')
  }
})

it('knows origins apart', () => {
  const habits = new PeerHabits()
  waitsOf(habits, 10)
  expect(habits.shouldWait('b')).toBe(true)
})
