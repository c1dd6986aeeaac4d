/** A count that rises and falls, looked at in equal steps of time. */
export class LevelSeries {
  readonly #stepMs: number
  /** By how much the count changes from one look to the next. */
  readonly #changes: Float64Array

  /** Looks at `steps + 1` instants from 0 on, `stepMs` apart. */
  constructor(steps: number, stepMs: number) {
    this.#stepMs = stepMs
    this.#changes = new Float64Array(steps + 1)
  }

  /** What happens after the last look is not seen any more. */
  change(atMs: number, by: number): void {
    const step = Math.ceil(atMs / this.#stepMs)
    if (step < this.#changes.length) this.#changes[step] = (this.#changes[step] ?? 0) + by
  }

  /** One more, from an instant on, for some time. */
  add(fromMs: number, lastsMs: number): void {
    this.change(fromMs, 1)
    this.change(fromMs + lastsMs, -1)
  }

  /** The count at each look. */
  levels(): number[] {
    let level = 0
    return Array.from(this.#changes, (change) => {
      level += change
      return level
    })
  }
}
