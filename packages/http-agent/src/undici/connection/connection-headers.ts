import type { IncomingHttpHeaders } from 'node:http'
import { headerOf } from '../request/header-of.ts'

/** What a response says about the connection that it came on. */
export interface ConnectionHeaders {
  /** Whether it says that it is the last one. */
  endsConnection: boolean
  /** Its `Keep-Alive` header. */
  keepAlive: string | undefined
}

const CLOSE_OPTION = /(?:^|,)[ \t]*close[ \t]*(?:,|$)/iu
/** `connection` and `keep-alive` have the same length, as hardly another header has. */
const NAME_LENGTH = 10
const SMALL_C = 0x63
const SMALL_K = 0x6b
/** The bit that tells a small letter from a capital one. */
const SMALL_BIT = 0x20

const saysClose = (connection: string): boolean =>
  connection !== 'keep-alive' && CLOSE_OPTION.test(connection)

/** Reads headers that undici has made an object of. */
export const readParsedHeaders = (headers: IncomingHttpHeaders, into: ConnectionHeaders): void => {
  const { connection } = headers
  const keepAlive = headers['keep-alive'] as string | string[] | undefined
  if (connection !== undefined) into.endsConnection = saysClose(String(connection))
  if (keepAlive !== undefined) into.keepAlive = String(keepAlive)
}

/** Reads headers as they came, name after value, for whoever has no need of the object. */
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

/** Statuses of responses that have no content, whatever they say (RFC 9110 §15.3.5, §15.4.5). */
const hasNoContent = (statusCode: number): boolean => statusCode === 204 || statusCode === 304

/**
 * Whether a response announces content that it cannot have. A server that sends it after all would
 * have it taken for the next response, so that nothing may follow on the connection. undici 8 sees to
 * that itself.
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
