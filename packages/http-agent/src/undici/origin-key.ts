import type { Dispatcher } from 'undici'
import type { ServerAddress } from '../driver/server-address.ts'
import { headerOf } from './header-of.ts'

type Options = Dispatcher.DispatchOptions

const SMALL_S = 0x73
/** Where `https://` differs from `http://`. */
const SCHEME_END = 4

/** `abc:123` → `abc`, `[::1]:123` → `::1`. */
const hostNameOf = (host: string): string => {
  if (host.startsWith('[')) return host.slice(1, host.indexOf(']'))
  return host.split(':', 1)[0] as string
}

/**
 * What connections must have in common to replace each other: the origin, and for TLS the name that
 * the certificate has to be for, which stands behind a `#`.
 */
export const originKeyOf = (options: Options): string => {
  const { origin } = options
  const key = typeof origin === 'string' ? origin : String(origin)
  if (key.charCodeAt(SCHEME_END) !== SMALL_S) return key
  const { servername } = options as { readonly servername?: string }
  const host = servername ?? headerOf(options.headers, 'host')
  return host === undefined ? key : `${key}#${servername ?? hostNameOf(host)}`
}

/** The parts of a key, as undici's connector wants them. */
export interface DialTarget {
  readonly origin: string
  /** The origin once more; every client of it is given the same one. */
  readonly url: URL
  readonly host: string
  readonly hostname: string
  readonly protocol: string
  readonly port: string
  readonly servername: string | undefined
}

export const dialTargetOf = (originKey: string): DialTarget => {
  const { origin, host, hostname, protocol, port, hash } = new URL(originKey)
  const url = new URL(origin)
  // undici asks for it with every request, and URL would put it together each time.
  Object.defineProperty(url, 'origin', { value: origin })
  return {
    origin,
    url,
    host,
    hostname: hostname.startsWith('[') ? hostname.slice(1, -1) : hostname,
    protocol,
    port,
    servername: hash === '' ? undefined : decodeURIComponent(hash.slice(1)),
  }
}

const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 }

/** Whom a key stands for, in the words of OpenTelemetry. */
export const serverAddressOf = (
  originKey: string,
  socketPath: string | undefined,
): ServerAddress => {
  if (socketPath !== undefined) return { serverAddress: socketPath, serverPort: undefined }
  const { hostname, port, protocol } = dialTargetOf(originKey)
  const serverPort = port === '' ? DEFAULT_PORTS[protocol] : Number(port)
  return { serverAddress: hostname, serverPort }
}
