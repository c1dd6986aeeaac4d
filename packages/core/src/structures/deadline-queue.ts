/** An entry with a deadline. */
export interface Expiring {
  /** The deadline, in milliseconds of one clock. */
  readonly expiresAtMs: number
  /** Its place in the queue, or -1. Only the queue writes it. */
  deadlineIndex: number
}

const ARITY = 4

/**
 * Deadlines, the earliest first: a heap whose members know their places. Adding the latest deadline
 * and removing the one added last, which is what a release and a lease do, is O(1); anything else
 * is O(log n). An entry's deadline must not change while it is in the queue.
 */
export class DeadlineQueue<Entry extends Expiring> {
  readonly #heap: Entry[] = []

  get size(): number {
    return this.#heap.length
  }

  /** The entry that expires first. */
  get first(): Entry | undefined {
    return this.#heap[0]
  }

  add(entry: Entry): void {
    this.#rise(entry, this.#heap.length)
  }

  /** Removes an entry that is in the queue. */
  remove(entry: Entry): void {
    const index = entry.deadlineIndex
    const last = this.#heap.pop() as Entry
    entry.deadlineIndex = -1
    if (last === entry) return
    // The entry that fills the gap may belong above it or below it, never both.
    this.#rise(last, index)
    this.#sink(last, last.deadlineIndex)
  }

  #rise(entry: Entry, start: number): void {
    const heap = this.#heap
    const { expiresAtMs } = entry
    let index = start
    while (index > 0) {
      const parentIndex = Math.floor((index - 1) / ARITY)
      const parent = heap[parentIndex] as Entry
      if (parent.expiresAtMs <= expiresAtMs) break
      heap[index] = parent
      parent.deadlineIndex = index
      index = parentIndex
    }
    heap[index] = entry
    entry.deadlineIndex = index
  }

  #sink(entry: Entry, start: number): void {
    const heap = this.#heap
    const { expiresAtMs } = entry
    let index = start
    while (true) {
      const childIndex = this.#earliestChild(index)
      if (childIndex === -1) break
      const child = heap[childIndex] as Entry
      if (child.expiresAtMs >= expiresAtMs) break
      heap[index] = child
      child.deadlineIndex = index
      index = childIndex
    }
    heap[index] = entry
    entry.deadlineIndex = index
  }

  /** The place of the child that expires first, or -1 where there is none. */
  #earliestChild(index: number): number {
    const heap = this.#heap
    const start = index * ARITY + 1
    const end = Math.min(start + ARITY, heap.length)
    let earliest = -1
    let earliestMs = Number.POSITIVE_INFINITY
    for (let child = start; child < end; child++) {
      const { expiresAtMs } = heap[child] as Entry
      if (earliest === -1 || expiresAtMs < earliestMs) {
        earliest = child
        earliestMs = expiresAtMs
      }
    }
    return earliest
  }
}
