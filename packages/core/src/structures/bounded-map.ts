/** A map of limited size: the key set longest ago is forgotten first. */
export class BoundedMap<Key, Value> {
  readonly #maxSize: number
  /** Set longest ago first. */
  readonly #values: Map<Key, Value> = new Map()

  constructor(maxSize: number) {
    this.#maxSize = maxSize
  }

  get(key: Key): Value | undefined {
    return this.#values.get(key)
  }

  set(key: Key, value: Value): void {
    this.#values.delete(key)
    this.#values.set(key, value)
    if (this.#values.size <= this.#maxSize) return
    const [oldest] = this.#values.keys()
    this.#values.delete(oldest as Key)
  }

  delete(key: Key): void {
    this.#values.delete(key)
  }
}
