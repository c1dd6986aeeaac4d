import type { IncomingHttpHeaders } from 'node:http'
import { headerOf } from '../request/header-of.ts'

/** The headers of a response about its connection. */
export interface ConnectionHeaders {
  /** Whether the response is the last one on its connection. */
  endsConnection: boolean
  /** Its `Keep-Alive` header. */
  keepAlive: string | undefined
}

const CLOSE_OPTION = /(?:^|,)[ \t]*close[ \t]*(?:,|$)/iu
/** The length of `connection` and `keep-alive`, which few other headers have. */
const NAME_LENGTH = 10
const SMALL_C = 0x63
const SMALL_K = 0x6b
/** The ASCII case bit. */
const SMALL_BIT = 0x20

const saysClose = (connection: string): boolean =>
  connection !== 'keep-alive' && CLOSE_OPTION.test(connection)

/** Reads headers from undici's object. */
export const readParsedHeaders = (headers: IncomingHttpHeaders, into: ConnectionHeaders): void => {
  const { connection } = headers
  const keepAlive = headers['keep-alive'] as string | string[] | undefined
  if (connection !== undefined) into.endsConnection = saysClose(String(connection))
  if (keepAlive !== undefined) into.keepAlive = String(keepAlive)
}

/** Reads raw headers, names and values in turn, without building the object. */
export const readRawHeaders = (headers: readonly Buffer[], into: ConnectionHeaders): void => {
  for (let index = 0; index < headers.length; index += 2) {
    const name = headers[index] as Buffer
    if (name.length !== NAME_LENGTH) continue
    // biome-ignore lint/suspicious/noBitwiseOperators: the cheap way to ignore the case of a letter
    const initial = (name[0] as number) | SMALL_BIT
    if (initial !== SMALL_C && initial !== SMALL_K) continue
    const value = (headers[index + 1] as Buffer).toString('latin1')
    if (initial === SMALL_C) into.endsConnection ||= saysClose(value)
    else into.keepAlive = into.keepAlive === undefined ? value : `${into.keepAlive},${value}`
  }
}

/**
 * Whether responses with this status have no content, whatever their headers say (RFC 9110 §15.3.5,
 * §15.4.5).
 */
const hasNoContent = (statusCode: number): boolean => statusCode === 204 || statusCode === 304

/**
 * Whether a response announces content that it cannot have. If its server sends it, it would count
 * as the next response, so no request may follow on the connection. undici 8 handles this itself.
 */
export const hasDoubtfulEnd = (
  statusCode: number,
  headers: IncomingHttpHeaders | readonly Buffer[],
): boolean => {
  if (!hasNoContent(statusCode)) return false
  const length = headerOf(headers, 'content-length')
  const coding = headerOf(headers, 'transfer-encoding')
  return coding !== undefined || (length !== undefined && Number(length) !== 0)
}
