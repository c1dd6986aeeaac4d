import { readvSync } from 'node:fs'
import type { CloseReason } from '@holdfast/core'
import { isEncryptedAlert, reasonOfStray, TELLING_LENGTH } from './stray-bytes.ts'

const bytes = new Uint8Array(TELLING_LENGTH)
const buffers = [bytes]

/** Whether the peer has closed, with nothing left to read before that. */
const isAtEnd = (descriptor: number): boolean => {
  try {
    return readvSync(descriptor, buffers) === 0
  } catch {
    return false
  }
}

const reasonOf = (error: unknown): CloseReason | undefined => {
  const { code } = error as NodeJS.ErrnoException
  if (code === 'EAGAIN') return undefined
  return code === 'ECONNRESET' ? 'peer_reset' : 'error'
}

const readStray = (descriptor: number): CloseReason | undefined => {
  let emptyBytes = 0
  while (true) {
    const length = readvSync(descriptor, buffers)
    if (length === 0) return 'peer_fin'
    const read = bytes.subarray(0, length)
    if (isEncryptedAlert(read)) return isAtEnd(descriptor) ? 'peer_fin' : 'stray_data'
    const reason = reasonOfStray(read, emptyBytes)
    if (reason !== undefined) return reason
    emptyBytes += length
  }
}

/**
 * Looks at an idle socket without waiting: has the peer closed it, reset it, or sent bytes without a
 * request? A non-blocking read of a few bytes answers at once and sees what the event loop has not read
 * yet. A few empty lines are no response and are passed over (RFC 9112 §2.2).
 *
 * @returns The reason not to use the socket, or `undefined` if there is none.
 */
export const peekDescriptor = (descriptor: number): CloseReason | undefined => {
  // The usual answer is a thrown EAGAIN; its stack would be half of the cost. A plain assignment would
  // throw if Error is frozen.
  const { stackTraceLimit } = Error
  const isQuiet = stackTraceLimit !== undefined && Reflect.set(Error, 'stackTraceLimit', 0)
  try {
    return readStray(descriptor)
  } catch (error) {
    return reasonOf(error)
  } finally {
    if (isQuiet) Reflect.set(Error, 'stackTraceLimit', stackTraceLimit)
  }
}
