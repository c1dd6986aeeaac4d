import type { Dispatcher } from 'undici'
import { ignore } from '../../driver/ignore.ts'
import type { UndiciModule } from '../peer/undici-module.ts'
import { ClientTarget, targetKeyOf } from './client-target.ts'
import { serverNameOf } from './server-name.ts'

const SMALL_S = 0x73
/** The index at which `https://` differs from `http://`. */
const SCHEME_END = 4

/**
 * Finds the targets of requests: their origin, and for TLS the name that the certificate must have.
 */
export class ClientTargets {
  readonly #undici: UndiciModule
  readonly #socketPath: string | undefined
  readonly #knownOf: (key: string) => ClientTarget | undefined
  /** The origin that was parsed last, as it was written. */
  #parsed: { readonly given: string; readonly url: URL } | undefined

  /** @param knownOf Finds the target of an origin that the pool has. */
  constructor(
    undici: UndiciModule,
    socketPath: string | undefined,
    knownOf: (key: string) => ClientTarget | undefined,
  ) {
    this.#undici = undici
    this.#socketPath = socketPath
    this.#knownOf = knownOf
  }

  /** @throws undici's error for an invalid origin. */
  targetOf(options: Dispatcher.DispatchOptions): ClientTarget {
    const given = this.#originOf(options)
    const isSecure = given.charCodeAt(SCHEME_END) === SMALL_S
    const servername = isSecure ? serverNameOf(options) : null
    const known = this.#knownOf(targetKeyOf(given, servername))
    // An origin may be written in several ways, and one that looks like a key need not be one.
    if (known !== undefined && known.origin === given && known.servername === servername) {
      return known
    }
    return this.#find(given, options)
  }

  #find(given: string, options: Dispatcher.DispatchOptions): ClientTarget {
    const url = this.#parse(given)
    const servername = url.protocol === 'https:' ? serverNameOf(options) : null
    if (servername !== null && typeof servername !== 'string') {
      // Node would throw in the middle of a dial, and its socket would leak.
      throw new this.#undici.errors.InvalidArgumentError('opts.servername must be a string')
    }
    const known = this.#knownOf(targetKeyOf(url.origin, servername))
    return known ?? new ClientTarget(url, servername, this.#socketPath)
  }

  /** @throws The error of undici's Agent for an invalid origin. */
  #originOf({ origin }: Dispatcher.DispatchOptions): string {
    if (origin && (typeof origin === 'string' || origin instanceof URL)) return String(origin)
    throw new this.#undici.errors.InvalidArgumentError(
      'opts.origin must be a non-empty string or URL.',
    )
  }

  #parse(given: string): URL {
    if (this.#parsed?.given === given) return this.#parsed.url
    // A client that never connects checks the origin, so that undici itself refuses it.
    new this.#undici.Client(given, { connect: ignore as never }).destroy(ignore)
    const url = new URL(given)
    this.#parsed = { given, url }
    return url
  }
}
