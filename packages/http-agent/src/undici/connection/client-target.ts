import type { OriginTarget } from '@holdfast/core'
import type { ServerAddress } from '../../driver/observe/server-address.ts'
import { originName } from '../../driver/origin-name.ts'

const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 }

/**
 * Makes the key of a target: connections to the same origin under the same server name may replace
 * each other.
 */
export const targetKeyOf = (origin: string, servername: string | null): string =>
  servername === null ? origin : `${origin}#${String(servername)}`

/** The destination of a dispatcher's connections, in the form that undici's connector takes. */
export class ClientTarget implements OriginTarget {
  readonly key: string
  /** The origin as in URLs, without a default port. */
  readonly origin: string
  /** The origin as a URL, which all its clients share. */
  readonly url: URL
  /** The host name without brackets. */
  readonly hostname: string
  /** The server name for TLS; `null` for that of the origin. */
  readonly servername: string | null
  readonly #socketPath: string | undefined
  #name: string | undefined

  constructor(url: URL, servername: string | null, socketPath: string | undefined) {
    const { hostname, origin } = url
    this.key = targetKeyOf(origin, servername)
    this.origin = origin
    this.url = new URL(origin)
    // undici reads it for every request, and URL would build it each time.
    Object.defineProperty(this.url, 'origin', { value: origin })
    this.hostname = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname
    this.servername = servername
    this.#socketPath = socketPath
  }

  /** The name in events and errors, made on first use: most origins never need one. */
  get name(): string {
    this.#name ??= this.#makeName()
    return this.#name
  }

  get server(): ServerAddress {
    if (this.#socketPath !== undefined) {
      return { serverAddress: this.#socketPath, serverPort: undefined }
    }
    return { serverAddress: this.hostname, serverPort: this.#port }
  }

  get #port(): number {
    const { port, protocol } = this.url
    return port === '' ? (DEFAULT_PORTS[protocol] as number) : Number(port)
  }

  #makeName(): string {
    const { hostname: host, url, servername } = this
    const { protocol } = url
    const socketPath = this.#socketPath
    const isPlace =
      servername === null && (socketPath === undefined || this.origin === `${protocol}//localhost`)
    const place = { protocol, host, port: this.#port, socketPath }
    return originName(place, isPlace ? undefined : this.key)
  }
}
