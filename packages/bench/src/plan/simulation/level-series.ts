/** Count that rises and falls, sampled in equal steps of time. */
export class LevelSeries {
  readonly #stepMs: number
  /** Change of the count from one sample to the next. */
  readonly #changes: Float64Array

  /** Samples `steps + 1` instants from 0 on, `stepMs` apart. */
  constructor(steps: number, stepMs: number) {
    this.#stepMs = stepMs
    this.#changes = new Float64Array(steps + 1)
  }

  /** Changes the count at an instant; changes after the last sample are ignored. */
  change(atMs: number, by: number): void {
    const step = Math.ceil(atMs / this.#stepMs)
    if (step < this.#changes.length) this.#changes[step] = (this.#changes[step] ?? 0) + by
  }

  /** Counts one more from an instant on, for some time. */
  add(fromMs: number, lastsMs: number): void {
    this.change(fromMs, 1)
    this.change(fromMs + lastsMs, -1)
  }

  /** Count at each sample. */
  levels(): number[] {
    let level = 0
    return Array.from(this.#changes, (change) => {
      level += change
      return level
    })
  }
}
