/** A place in a list. Its owner holds it, so that joining and leaving allocate nothing. */
export class Link<Owner> {
  readonly owner: Owner
  /** Written by {@link LinkedList} alone. */
  previous: Link<Owner> | undefined
  /** Written by {@link LinkedList} alone. */
  next: Link<Owner> | undefined
  /** The list that this link is in. Written by {@link LinkedList} alone. */
  list: LinkedList<Owner> | undefined

  constructor(owner: Owner) {
    this.owner = owner
    this.previous = undefined
    this.next = undefined
    this.list = undefined
  }
}

/** A doubly linked list, oldest first. Every operation but iteration is O(1). */
export class LinkedList<Owner> implements Iterable<Owner> {
  #first: Link<Owner> | undefined
  #last: Link<Owner> | undefined
  #size = 0

  get size(): number {
    return this.#size
  }

  get first(): Owner | undefined {
    return this.#first?.owner
  }

  get last(): Owner | undefined {
    return this.#last?.owner
  }

  /** Appends a link that is in no list. */
  push(link: Link<Owner>): void {
    const last = this.#last
    link.list = this
    link.previous = last
    if (last === undefined) this.#first = link
    else last.next = link
    this.#last = link
    this.#size++
  }

  /** Removes a link that is in this list. */
  remove(link: Link<Owner>): void {
    const { previous, next } = link
    if (previous === undefined) this.#first = next
    else previous.next = next
    if (next === undefined) this.#last = previous
    else next.previous = previous
    link.list = undefined
    link.previous = undefined
    link.next = undefined
    this.#size--
  }

  /** Removes and returns the oldest owner. */
  shift(): Owner | undefined {
    const first = this.#first
    if (first === undefined) return undefined
    this.remove(first)
    return first.owner
  }

  /**
   * Iterates, oldest first. The current owner may leave the list meanwhile, its successor may not.
   */
  *[Symbol.iterator](): Generator<Owner, void> {
    let link = this.#first
    while (link !== undefined) {
      const { next } = link
      yield link.owner
      link = next
    }
  }
}
