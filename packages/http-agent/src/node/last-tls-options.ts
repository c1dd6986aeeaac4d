import { identityOptionsOfTls } from './connection-identity.ts'
import type { RequestOptions } from './request-options.ts'

/** Options that are told from others by `===`, because nobody can change what is in them. */
const isImmutable = (value: unknown): boolean => typeof value !== 'object' || value === null

/**
 * The options of the last HTTPS request that concern its connection, so that the same are recognised
 * without putting their name together again. Where one of them is an object, whose content may have
 * changed, nothing is recognised.
 */
export class LastTlsOptions {
  readonly #isPart: ReadonlySet<string>
  readonly #values: Map<string, unknown> = new Map()
  #hostHeader: unknown
  #isKnown = false

  constructor(isDialShared: boolean) {
    this.#isPart = new Set(identityOptionsOfTls(isDialShared))
  }

  /** @param own The agent's options, which override those of the request. */
  remember(own: RequestOptions, given: RequestOptions, hostHeader: unknown): void {
    this.#isKnown = true
    this.#hostHeader = hostHeader
    this.#values.clear()
    for (const options of [given, own]) {
      for (const [name, value] of Object.entries(options)) {
        if (!this.#isPart.has(name)) continue
        this.#values.set(name, value)
        this.#isKnown &&= isImmutable(value)
      }
    }
    // Node has the function asked for each request where it is the request's own.
    if (given['checkServerIdentity'] !== undefined) this.#isKnown = false
  }

  areSame(own: RequestOptions, given: RequestOptions, hostHeader: unknown): boolean {
    if (!this.#isKnown || hostHeader !== this.#hostHeader) return false
    let count = 0
    for (const name of Object.keys(given)) {
      if (!this.#isPart.has(name) || name in own) continue
      if (given[name] !== this.#values.get(name)) return false
      count++
    }
    for (const name of Object.keys(own)) {
      if (!this.#isPart.has(name)) continue
      if (own[name] !== this.#values.get(name)) return false
      count++
    }
    return count === this.#values.size
  }
}
