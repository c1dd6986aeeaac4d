import { Buffer } from 'node:buffer'
import type { CloseReason } from '@holdfast/core'

const LINE_FEED = 10
const CARRIAGE_RETURN = 13
/** The type of the TLS record that announces a close (RFC 8446 §6.1). */
const ALERT = 21

const isLineBreak = (byte: number | undefined): boolean =>
  byte === CARRIAGE_RETURN || byte === LINE_FEED

/** The first bytes of a server that has given up waiting for a request, and is about to close. */
const REQUEST_TIMEOUT = /^HTTP\/1\.[01] 408/u
const REQUEST_TIMEOUT_LENGTH = 12

/** The type that every TLS 1.3 record shows, and the version that it names. */
const ENCRYPTED_RECORD = [23, 3, 3] as const
const RECORD_HEADER_LENGTH = 5
/** An alert of two bytes, the byte that says so, and the tag of the cipher: 16 bytes, or 8. */
const ENCRYPTED_ALERT_LENGTHS: ReadonlySet<number> = new Set([19, 11])

/** Number of bytes that {@link reasonOfStray} and {@link isEncryptedAlert} need to see. */
export const TELLING_LENGTH = 32

/**
 * Whether the bytes, as TCP delivered them, are one TLS 1.3 record of the length of an alert. If a close
 * follows, the record announced it (RFC 8446 §5.2, §6.1).
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
 * The most bytes of empty lines that a peer may send without a request. A few do no harm (RFC 9112 §2.2);
 * an endless stream of them would keep a CPU busy.
 */
const MAX_EMPTY_BYTES = 16

/**
 * The reason not to use a socket on which these bytes came without a request, or `undefined` if they are
 * only empty lines. An announcement of a close counts as the close that follows it.
 *
 * @param emptyBefore Bytes of empty lines that came before them since the last response.
 */
export const reasonOfStray = (bytes: Uint8Array, emptyBefore: number): CloseReason | undefined => {
  const start = bytes.findIndex((byte) => !isLineBreak(byte))
  if (start === -1) return emptyBefore + bytes.length > MAX_EMPTY_BYTES ? 'stray_data' : undefined
  if (bytes[start] === ALERT) return 'peer_fin'
  const words = Buffer.from(bytes.buffer, bytes.byteOffset + start, bytes.length - start)
  const isFarewell = REQUEST_TIMEOUT.test(words.toString('latin1', 0, REQUEST_TIMEOUT_LENGTH))
  return isFarewell ? 'peer_fin' : 'stray_data'
}
