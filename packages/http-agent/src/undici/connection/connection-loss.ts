import { type CloseReason, HoldfastError } from '@holdfast/core'
import {
  isGivenUp,
  isLastResponseEnd,
  isPeerClose,
  isStrayError,
} from '../peer/undici-internals.ts'

type CodedError = Error & { readonly code?: unknown }

/**
 * Error codes of a lost connection: reset by its peer, given up, cut off, or silent for too long.
 */
const LOST_CODES: ReadonlySet<unknown> = new Set([
  'ECONNABORTED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETDOWN',
  'ENETUNREACH',
  'ERR_HOLDFAST_RESPONSE_TIMEOUT',
  'EPIPE',
  'ETIMEDOUT',
])

const codeOf = (error: Error | undefined): unknown => (error as CodedError | undefined)?.code

/** Whether the connection was lost, and not given up by its client or by the caller. */
export const isConnectionLoss = (error: Error | undefined): boolean =>
  LOST_CODES.has(codeOf(error)) || isPeerClose(error)

/** Finds the reason for a close in the error of the client. */
export const closeReasonOf = (error: Error | undefined, isInProgress: boolean): CloseReason => {
  const code = codeOf(error)
  // The response was complete before the request was, or the caller aborted it.
  if (isGivenUp(error)) return isLastResponseEnd(error) ? 'early_response' : 'aborted'
  if (isInProgress) return 'error'
  if (code === 'ECONNRESET') return 'peer_reset'
  if (error === undefined || code === 'EPIPE' || isPeerClose(error)) return 'peer_fin'
  // Bytes on an idle connection are no response.
  return isStrayError(error) ? 'stray_data' : 'error'
}

/** The server and the caller's `connect` have negotiated HTTP/2. */
export class HttpVersionError extends HoldfastError {
  override readonly name: string = 'HttpVersionError'

  constructor(origin: string) {
    super(
      'ERR_HOLDFAST_UNSUPPORTED',
      `connect returned an HTTP/2 connection to ${origin}; a connection of the pool serves one request at a time, so let ALPN offer http/1.1 alone`,
    )
  }
}
