import { expect, it } from 'vitest'
import { seededRandom } from './seeded-random.ts'
import { shuffled } from './shuffled.ts'

it('keeps every item once and leaves its argument alone', () => {
  const items = [1, 2, 3, 4, 5]
  expect(shuffled(items, seededRandom(3)).toSorted((a, b) => a - b)).toEqual(items)
  expect(items).toEqual([1, 2, 3, 4, 5])
})

it('repeats the order for the same seed', () => {
  const items = ['a', 'b', 'c', 'd', 'e', 'f']
  expect(shuffled(items, seededRandom(5))).toEqual(shuffled(items, seededRandom(5)))
})

it('makes all orders equally likely', () => {
  const random = seededRandom(11)
  const counts = new Map<string, number>()
  for (let draw = 0; draw < 6000; draw++) {
    const order = shuffled(['a', 'b', 'c'], random).join('')
    counts.set(order, (counts.get(order) ?? 0) + 1)
  }
  expect(counts.size).toBe(6)
  for (const count of counts.values()) {
    expect(count).toBeGreaterThan(880)
    expect(count).toBeLessThan(1120)
  }
})

it('takes an empty list', () => {
  expect(shuffled([], seededRandom(0))).toEqual([])
})
