import { Buffer } from 'node:buffer'
import type { CloseReason } from '@holdfast/core'

const LINE_FEED = 10
const CARRIAGE_RETURN = 13
/** The type of a TLS record by which a peer says that it closes (RFC 8446 §6.1). */
const ALERT = 21

const isLineBreak = (byte: number | undefined): boolean =>
  byte === CARRIAGE_RETURN || byte === LINE_FEED

/** How a server begins that has given up waiting for a request, and is about to close. */
const REQUEST_TIMEOUT = /^HTTP\/1\.[01] 408/u
const REQUEST_TIMEOUT_LENGTH = 12

/** The type of a TLS 1.3 record, whatever it holds, and the version that it names. */
const ENCRYPTED_RECORD = [23, 3, 3] as const
const RECORD_HEADER_LENGTH = 5
/** An alert of two bytes, the byte that says so, and the tag of the cipher: 16 bytes, or 8. */
const ENCRYPTED_ALERT_LENGTHS: ReadonlySet<number> = new Set([19, 11])

/** As many bytes as {@link reasonOfStray} and {@link isEncryptedAlert} need to see. */
export const TELLING_LENGTH = 32

/**
 * Whether the bytes, as they came by TCP, are one TLS 1.3 record of the length of an alert. With a close
 * behind it, it is the word by which the peer says that it closes (RFC 8446 §5.2, §6.1).
 */
export const isEncryptedAlert = (bytes: Uint8Array): boolean => {
  const length = bytes.length - RECORD_HEADER_LENGTH
  return (
    ENCRYPTED_RECORD.every((byte, index) => bytes[index] === byte) &&
    ENCRYPTED_ALERT_LENGTHS.has(length) &&
    bytes[3] === 0 &&
    bytes[4] === length
  )
}

/**
 * As many bytes of empty lines as a peer may send while nothing is asked of it. A few do no harm
 * (RFC 9112 §2.2); lines without end would keep a CPU busy.
 */
const MAX_EMPTY_BYTES = 16

/**
 * Why a socket must not be used on which these bytes came while nothing was asked of the peer, or
 * `undefined` where they are but an empty line. Words of farewell count as the close that follows.
 *
 * @param emptyBefore How many bytes of empty lines came before them since the last response.
 */
export const reasonOfStray = (bytes: Uint8Array, emptyBefore: number): CloseReason | undefined => {
  const start = bytes.findIndex((byte) => !isLineBreak(byte))
  if (start === -1) return emptyBefore + bytes.length > MAX_EMPTY_BYTES ? 'stray_data' : undefined
  if (bytes[start] === ALERT) return 'peer_fin'
  const words = Buffer.from(bytes.buffer, bytes.byteOffset + start, bytes.length - start)
  const isFarewell = REQUEST_TIMEOUT.test(words.toString('latin1', 0, REQUEST_TIMEOUT_LENGTH))
  return isFarewell ? 'peer_fin' : 'stray_data'
}
