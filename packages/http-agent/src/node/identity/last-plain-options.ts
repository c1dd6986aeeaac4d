import type { RequestOptions } from '../options/request-options.ts'

/** Whether the request sets what plain connections differ by although Node's name leaves it out. */
const hasMore = (given: RequestOptions, isDialShared: boolean): boolean =>
  given['blockList'] !== undefined ||
  given['fd'] !== undefined ||
  given['handle'] !== undefined ||
  (isDialShared && shapesDial(given))

const shapesDial = (given: RequestOptions): boolean =>
  given['lookup'] !== undefined ||
  given['hints'] !== undefined ||
  given['autoSelectFamily'] !== undefined ||
  given['autoSelectFamilyAttemptTimeout'] !== undefined ||
  given['localPort'] !== undefined ||
  given['onread'] !== undefined

/**
 * The options of the last plain request that concern its connection, so that the same are recognised.
 * Each is read by its name, because that costs a tenth of reading all that there are.
 */
export class LastPlainOptions {
  readonly #isDialShared: boolean
  #isKnown = false
  #host: unknown
  #port: unknown
  #localAddress: unknown
  #family: unknown
  #socketPath: unknown

  constructor(isDialShared: boolean) {
    this.#isDialShared = isDialShared
  }

  /** @param own The agent's options, which override those of the request. */
  remember(own: RequestOptions, given: RequestOptions): void {
    this.#isKnown = !hasMore(given, this.#isDialShared)
    this.#host = own.host ?? given.host
    this.#port = own.port ?? given.port
    this.#localAddress = own.localAddress ?? given.localAddress
    this.#family = own.family ?? given.family
    this.#socketPath = own.socketPath ?? given.socketPath
  }

  areSame(own: RequestOptions, given: RequestOptions): boolean {
    return (
      this.#isKnown &&
      (own.host ?? given.host) === this.#host &&
      (own.port ?? given.port) === this.#port &&
      (own.localAddress ?? given.localAddress) === this.#localAddress &&
      (own.family ?? given.family) === this.#family &&
      (own.socketPath ?? given.socketPath) === this.#socketPath &&
      !hasMore(given, this.#isDialShared)
    )
  }
}
