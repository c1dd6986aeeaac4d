import type { OriginTarget } from '@holdfast/core'
import type { ServerAddress } from '../../driver/observe/server-address.ts'
import { originName } from '../../driver/origin-name.ts'

const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 }

/** Connections to the same origin under the same server name may replace each other. */
export const targetKeyOf = (origin: string, servername: string | null): string =>
  servername === null ? origin : `${origin}#${String(servername)}`

/** What connections of a dispatcher lead to, as undici's connector wants it. */
export class ClientTarget implements OriginTarget {
  readonly key: string
  /** As URLs write it: the default port is left out. */
  readonly origin: string
  /** The origin once more; every client of it is given the same one. */
  readonly url: URL
  /** The host name without brackets. */
  readonly hostname: string
  /** The name that TLS asks for; `null` for that of the origin. */
  readonly servername: string | null
  readonly #socketPath: string | undefined
  #name: string | undefined

  constructor(url: URL, servername: string | null, socketPath: string | undefined) {
    const { hostname, origin } = url
    this.key = targetKeyOf(origin, servername)
    this.origin = origin
    this.url = new URL(origin)
    // undici asks for it with every request, and URL would put it together each time.
    Object.defineProperty(this.url, 'origin', { value: origin })
    this.hostname = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname
    this.servername = servername
    this.#socketPath = socketPath
  }

  /** Made when it is first asked for: most origins are never spoken of. */
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
