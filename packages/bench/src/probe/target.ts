import { UsageError } from '../cli/usage-error.ts'

const PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 }
const HEADER = /^(?<name>[\w!#$%&'*+.^`|~-]+):\t*(?<value>\P{Cc}*)$/u
const BRACKETS = /^\[|\]$/gu

/** Headers that the probe sets itself. */
const OWN_HEADERS = new Set(['connection', 'keep-alive', 'content-length', 'transfer-encoding'])

/** Server to probe. */
export interface Target {
  /** URL as the user gave it, normalised. */
  readonly url: string
  readonly isSecure: boolean
  /** Name or address, the latter without brackets. */
  readonly hostname: string
  readonly port: number
  /** `host:port`, as people write it. */
  readonly authority: string
  readonly path: string
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  /** Whether the certificate must be one that is trusted. */
  readonly verifiesCertificate: boolean
  /** Time limit of a connection, and of a response. */
  readonly timeoutMs: number
}

export interface TargetOptions {
  readonly method: string
  /** Headers, each `Name: value`. */
  readonly header: readonly string[]
  readonly insecure: boolean
  readonly timeout: number
}

/**
 * Reads the address of an HTTP server.
 *
 * @throws UsageError for anything else
 */
export function readTarget(text: string, options: TargetOptions): Target {
  if (!URL.canParse(text)) {
    throw new UsageError(`URL must be like http://127.0.0.1:8080/path, got '${text}'`)
  }
  const url = new URL(text)
  const defaultPort = PORTS[url.protocol]
  if (defaultPort === undefined) {
    throw new UsageError(`URL must begin with http:// or https://, got '${text}'`)
  }
  if (url.username !== '' || url.password !== '') {
    throw new UsageError("URL must not hold credentials: say --header 'Authorization: …'")
  }
  url.hash = ''
  const port = url.port === '' ? defaultPort : Number(url.port)
  return {
    url: url.href,
    isSecure: url.protocol === 'https:',
    hostname: url.hostname.replaceAll(BRACKETS, ''),
    port,
    authority: `${url.hostname}:${port}`,
    path: `${url.pathname}${url.search}`,
    method: options.method,
    headers: { host: url.host, ...Object.fromEntries(options.header.map(readHeader)) },
    verifiesCertificate: !options.insecure,
    timeoutMs: options.timeout,
  }
}

function readHeader(text: string): [name: string, value: string] {
  const { name, value } = HEADER.exec(text)?.groups ?? {}
  if (name === undefined || value === undefined) {
    throw new UsageError(`--header must be like 'Name: value', got '${text}'`)
  }
  if (OWN_HEADERS.has(name.toLowerCase())) {
    throw new UsageError(`--header must not be ${name}: the probe sets it itself, got '${text}'`)
  }
  return [name.toLowerCase(), value.trim()]
}
