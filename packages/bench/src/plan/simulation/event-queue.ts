interface Entry {
  readonly atMs: number
  /** Order among events of the same instant: first come, first served. */
  readonly order: number
  readonly happen: (nowMs: number) => void
}

/** Events by time, in a binary heap. It holds what its user puts in, without a limit. */
export class EventQueue {
  readonly #heap: Entry[] = []
  #order = 0

  /** Instant of the next event; Infinity without one. */
  get nextAtMs(): number {
    return this.#heap[0]?.atMs ?? Number.POSITIVE_INFINITY
  }

  add(atMs: number, happen: (nowMs: number) => void): void {
    const entry = { atMs, order: this.#order++, happen }
    let index = this.#heap.length
    this.#heap.push(entry)
    while (index > 0) {
      const parent = Math.floor((index - 1) / 2)
      const above = this.#heap[parent] as Entry
      if (!isBefore(entry, above)) break
      this.#heap[index] = above
      index = parent
    }
    this.#heap[index] = entry
  }

  /** Runs the next event at its instant; does nothing without one. */
  runNext(): void {
    const [first] = this.#heap
    const last = this.#heap.pop()
    if (first === undefined || last === undefined) return
    if (this.#heap.length > 0) this.#sink(last)
    first.happen(first.atMs)
  }

  /** Puts the entry at the top, and sinks it to its place. */
  #sink(entry: Entry): void {
    const heap = this.#heap
    let index = 0
    while (true) {
      let child = 2 * index + 1
      const right = heap[child + 1]
      if (right !== undefined && isBefore(right, heap[child] as Entry)) child++
      const below = heap[child]
      if (below === undefined || !isBefore(below, entry)) break
      heap[index] = below
      index = child
    }
    heap[index] = entry
  }
}

function isBefore(a: Entry, b: Entry): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order)
}
