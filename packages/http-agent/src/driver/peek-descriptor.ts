import { readSync } from 'node:fs'
import type { CloseReason } from '@holdfast/core'
import { isLineBreak } from './stray-bytes.ts'

/** A peer that sends more empty lines than this while nothing is asked of it is not to be trusted. */
const MAX_STRAY_LINE_BYTES = 4

const byte = new Uint8Array(1)

const reasonOf = (error: unknown): CloseReason | undefined => {
  const { code } = error as NodeJS.ErrnoException
  if (code === 'EAGAIN') return undefined
  return code === 'ECONNRESET' ? 'peer_reset' : 'error'
}

const readStrayByte = (descriptor: number): CloseReason | undefined => {
  for (let count = 0; count <= MAX_STRAY_LINE_BYTES; count++) {
    if (readSync(descriptor, byte, 0, 1, null) === 0) return 'peer_fin'
    if (!isLineBreak(byte[0])) return 'stray_data'
  }
  return 'stray_data'
}

/**
 * Looks at an idle socket without waiting: has the peer closed it, reset it, or sent bytes that
 * nobody asked for? A non-blocking read of one byte answers at once and sees what the event loop
 * has not read yet. An empty line is no response and is passed over (RFC 9112 §2.2).
 *
 * @returns Why the socket must not be used, or `undefined` where nothing speaks against it.
 */
export const peekDescriptor = (descriptor: number): CloseReason | undefined => {
  // The usual answer is an EAGAIN that is thrown; its stack would be half of the cost.
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = 0
  try {
    return readStrayByte(descriptor)
  } catch (error) {
    return reasonOf(error)
  } finally {
    Error.stackTraceLimit = stackTraceLimit
  }
}
