import type { Answer } from '../src/addresses/answer.ts'

/** What happened to one address, as it was told. */
interface Attempt {
  readonly what: 'fail' | 'succeed' | 'try'
  readonly atMs: number
}

interface Known {
  readonly address: string
  readonly family: number
  misses: number
  /** Everything that has been told of it since it became known. */
  readonly attempts: Attempt[]
}

/**
 * An address book that keeps everything it is told and thinks anew for every question: no counts, no
 * lists that are kept up to date. Slow, and easy to be sure of.
 */
export class ReferenceAddressBook {
  readonly #spread: boolean
  readonly #max: number
  #known: Known[] = []
  #last: Answer | undefined
  #newestMs = Number.NEGATIVE_INFINITY
  /** The address of each connection that may take a further request. */
  readonly placed: Map<object, Known> = new Map()

  constructor(spread: boolean, max: number) {
    this.#spread = spread
    this.#max = max
  }

  get addresses(): string[] {
    return this.#known.map(({ address }) => address)
  }

  learn(answer: Answer): string[] {
    if (answer === this.#last) return []
    this.#last = answer
    const gone: string[] = []
    if (answer.atMs > this.#newestMs) {
      this.#newestMs = answer.atMs
      for (const known of this.#known) known.misses = isIn(answer, known) ? 0 : known.misses + 1
      gone.push(...this.#known.filter(({ misses }) => misses === 2).map(({ address }) => address))
      this.#known = this.#known.filter(({ misses }) => misses < 2)
    }
    this.#add(answer)
    if (!this.#known.some((known) => isIn(answer, known))) {
      const most = Math.max(...this.#known.map(({ misses }) => misses))
      const victim = this.#known.find(({ misses }) => misses === most) as Known
      this.#known = this.#known.filter((known) => known !== victim)
      gone.push(victim.address)
      this.#add(answer)
    }
    return gone
  }

  dial(connection: object, answer: Answer, nowMs: number): string[] {
    this.learn(answer)
    const order = this.#order(answer, nowMs)
    const [first] = order as [Known]
    first.attempts.push({ what: 'try', atMs: nowMs })
    this.placed.set(connection, first)
    return order.map(({ address }) => address)
  }

  tell(connection: object, what: 'fail' | 'succeed', atMs: number): void {
    this.placed.get(connection)?.attempts.push({ what, atMs })
  }

  /** How many connections each address has, in the order in which they became known. */
  get counts(): number[] {
    return this.#known.map((known) => this.#countOf(known))
  }

  #add({ addresses }: Answer): void {
    for (const { address, family } of addresses) {
      if (this.#known.length >= this.#max) return
      if (this.#known.some((known) => known.address === address)) continue
      this.#known.push({ address, family, misses: 0, attempts: [] })
    }
  }

  #order({ addresses }: Answer, nowMs: number): Known[] {
    const usable = addresses.flatMap(({ address }) =>
      this.#known.filter((known) => known.address === address),
    )
    const family = usable[0]?.family
    const group = (known: Known): number =>
      (endOfPause(known.attempts, nowMs) > nowMs ? 2 : 0) + (known.family === family ? 0 : 1)
    const groups = [0, 1, 2, 3].map((number) => usable.filter((known) => group(known) === number))
    return groups.flatMap((members) => this.#byLoad(members))
  }

  #byLoad(members: readonly Known[]): Known[] {
    if (!this.#spread) return [...members]
    const left = [...members]
    const order: Known[] = []
    while (left.length > 0) {
      const least = Math.min(...left.map((known) => this.#countOf(known)))
      const index = left.findIndex((known) => this.#countOf(known) === least)
      order.push(...left.splice(index, 1))
    }
    return order
  }

  #countOf(known: Known): number {
    return [...this.placed.values()].filter((address) => address === known).length
  }
}

const isIn = ({ addresses }: Answer, { address }: Known): boolean =>
  addresses.some((resolved) => resolved.address === address)

/** Goes through all that was told of an address up to now. */
const endOfPause = (attempts: readonly Attempt[], nowMs: number): number => {
  let failures = 0
  let untilMs = Number.NEGATIVE_INFINITY
  let isTried = false
  for (const { what, atMs } of attempts.filter((attempt) => attempt.atMs <= nowMs)) {
    const isPaused = atMs < untilMs
    if (what === 'succeed') {
      failures = 0
      untilMs = Number.NEGATIVE_INFINITY
    } else if (what === 'fail' ? !isPaused || isTried : failures > 0 && !isPaused) {
      if (what === 'fail') failures++
      untilMs = atMs + ([0, 1, 2, 4, 8, 16, 32][failures] ?? 60) * 1000
    } else {
      continue
    }
    isTried = what === 'try'
  }
  return untilMs
}
