import type { RequestOptions } from '../options/request-options.ts'
import { identityOptionsOfTls } from './connection-identity.ts'
import { isUnchanged, optionSnapshot } from './option-snapshot.ts'

/**
 * The options of the last HTTPS request that concern its connection, so that the same are recognised
 * without putting their name together again.
 */
export class LastTlsOptions {
  readonly #isPart: ReadonlySet<string>
  readonly #values: Map<string, unknown> = new Map()
  #hostHeader: unknown

  constructor(isDialShared: boolean) {
    this.#isPart = new Set(identityOptionsOfTls(isDialShared))
  }

  /** @param own The agent's options, which override those of the request. */
  remember(own: RequestOptions, given: RequestOptions, hostHeader: unknown): void {
    this.#hostHeader = hostHeader
    this.#values.clear()
    for (const options of [given, own]) {
      for (const [name, value] of Object.entries(options)) {
        if (this.#isPart.has(name)) this.#values.set(name, optionSnapshot(value))
      }
    }
  }

  areSame(own: RequestOptions, given: RequestOptions, hostHeader: unknown): boolean {
    // Node has the function asked for each request where it is the request's own.
    if (given['checkServerIdentity'] !== undefined) return false
    if (hostHeader !== this.#hostHeader) return false
    let count = 0
    for (const name of Object.keys(given)) {
      if (!this.#isPart.has(name) || name in own) continue
      if (!isUnchanged(this.#values.get(name), given[name])) return false
      count++
    }
    for (const name of Object.keys(own)) {
      if (!this.#isPart.has(name)) continue
      if (!isUnchanged(this.#values.get(name), own[name])) return false
      count++
    }
    return count === this.#values.size
  }
}
