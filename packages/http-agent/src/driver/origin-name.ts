import { createHash } from 'node:crypto'

/** The place that connections lead to. */
export interface OriginPlace {
  /** With its colon, as in URLs. */
  readonly protocol: string
  /** A host name or an IP address, the latter without brackets. */
  readonly host: string
  readonly port: number | string
  /** The path of a unix socket, which stands for host and port. */
  readonly socketPath?: string | undefined
}

/** 40 bits: a million identities at one place share a digest with a chance of one in two. */
const DIGEST_LENGTH = 10

/**
 * The name by which people and programs know an origin: scheme, host and port, or the path of a unix
 * socket. Where its identity holds more than these, a digest of the key tells it from others at the
 * same place, and gives nothing of the key away.
 *
 * @param hiddenKey The key, where it holds more than the place.
 */
export const originName = (
  { protocol, host, port, socketPath }: OriginPlace,
  hiddenKey: string | undefined,
): string => {
  const place = socketPath ?? `${protocol}//${host.includes(':') ? `[${host}]` : host}:${port}`
  if (hiddenKey === undefined) return place
  const digest = createHash('sha256').update(hiddenKey).digest('hex')
  return `${place}#${digest.slice(0, DIGEST_LENGTH)}`
}
