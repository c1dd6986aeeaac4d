import fc from 'fast-check'
import { expect, it } from 'vitest'
import { EventQueue } from './event-queue.ts'

it('lets everything happen by time, and in the order of coming where that is the same', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 20 })), (instants) => {
      const queue = new EventQueue()
      const happened: [number, number][] = []
      for (const [index, atMs] of instants.entries()) {
        queue.add(atMs, (nowMs) => happened.push([nowMs, index]))
      }
      while (queue.nextAtMs < Number.POSITIVE_INFINITY) queue.runNext()

      const expected = instants
        .map((atMs, index): [number, number] => [atMs, index])
        .toSorted(([a, i], [b, j]) => a - b || i - j)
      expect(happened).toEqual(expected)
    }),
  )
})

it('takes what is added while something happens', () => {
  const queue = new EventQueue()
  const happened: number[] = []
  queue.add(1, (nowMs) => {
    happened.push(nowMs)
    queue.add(nowMs + 1, (laterMs) => happened.push(laterMs))
  })
  queue.add(3, (nowMs) => happened.push(nowMs))
  while (queue.nextAtMs < Number.POSITIVE_INFINITY) queue.runNext()

  expect(happened).toEqual([1, 2, 3])
  queue.runNext()
  expect(happened).toHaveLength(3)
})
