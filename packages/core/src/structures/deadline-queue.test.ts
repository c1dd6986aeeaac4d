import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DeadlineQueue, type Expiring } from './deadline-queue.ts'

const entryAt = (expiresAtMs: number): Expiring => ({ expiresAtMs, deadlineIndex: -1 })

const drain = (queue: DeadlineQueue<Expiring>): number[] => {
  const deadlines: number[] = []
  while (queue.first !== undefined) {
    deadlines.push(queue.first.expiresAtMs)
    queue.remove(queue.first)
  }
  return deadlines
}

const ascending = (left: number, right: number): number => left - right

/** Adds, or removes the entry at the place, counted round. */
type Step = { readonly add: number } | { readonly removeAt: number }

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ add: fc.nat(50) }) },
  { weight: 2, arbitrary: fc.record({ removeAt: fc.nat() }) },
)

/** Does the step to the queue and to the sorted array. */
const take = (queue: DeadlineQueue<Expiring>, sorted: Expiring[], next: Step): void => {
  if ('add' in next) {
    const entry = entryAt(next.add)
    queue.add(entry)
    const place = sorted.findIndex(({ expiresAtMs }) => expiresAtMs > next.add)
    sorted.splice(place === -1 ? sorted.length : place, 0, entry)
    return
  }
  const [entry] = sorted.splice(next.removeAt % (sorted.length || 1), 1)
  if (entry !== undefined) queue.remove(entry)
}

describe('a deadline queue', () => {
  it('is empty at first', () => {
    const queue = new DeadlineQueue<Expiring>()
    expect(queue.size).toBe(0)
    expect(queue.first).toBeUndefined()
  })

  it.each([
    ['in order', [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]],
    ['in reverse', [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]],
    ['with equals', [5, 1, 5, 1, 5, 3, 3, 1, 5, 3]],
    ['with Infinity', [Number.POSITIVE_INFINITY, 2, Number.POSITIVE_INFINITY, 1]],
  ])('yields the earliest first, added %s', (_, deadlines) => {
    const queue = new DeadlineQueue<Expiring>()
    for (const deadline of deadlines) queue.add(entryAt(deadline))
    expect(queue.size).toBe(deadlines.length)
    expect(drain(queue)).toEqual(deadlines.toSorted(ascending))
  })

  it('tells an entry its place, and -1 once it is out', () => {
    const queue = new DeadlineQueue<Expiring>()
    const entry = entryAt(1)
    queue.add(entry)
    expect(entry.deadlineIndex).toBe(0)
    queue.remove(entry)
    expect(entry.deadlineIndex).toBe(-1)
    expect(queue.size).toBe(0)
  })

  it('moves up what fills a gap where it expires before the parent of the gap', () => {
    const queue = new DeadlineQueue<Expiring>()
    // Four children each: 60 has the parent 50, and 3, which is last and fills its gap, the parent 2.
    const entries = [1, 50, 2, 70, 70, 60, 61, 62, 63, 3].map(entryAt)
    for (const entry of entries) queue.add(entry)
    const [first, , second, , , gap] = entries
    for (const entry of [gap, first, second]) if (entry !== undefined) queue.remove(entry)
    expect(queue.first?.expiresAtMs).toBe(3)
  })

  it('agrees with a sorted array, whatever is added and removed', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200, size: 'max' }), (steps) => {
        const queue = new DeadlineQueue<Expiring>()
        const sorted: Expiring[] = []
        for (const next of steps) {
          take(queue, sorted, next)
          expect(queue.size).toBe(sorted.length)
          expect(queue.first?.expiresAtMs).toBe(sorted[0]?.expiresAtMs)
          expect(new Set(sorted.map(({ deadlineIndex }) => deadlineIndex)).size).toBe(sorted.length)
        }
        expect(drain(queue)).toEqual(sorted.map(({ expiresAtMs }) => expiresAtMs))
      }),
    )
  })
})
