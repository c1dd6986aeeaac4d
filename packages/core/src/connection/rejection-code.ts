import { type ErrorCode, HoldfastError } from '../errors.ts'

/** Why a request gets no connection: the code of Holdfast's own error, or that its dial failed. */
export type RejectionCode = ErrorCode | 'dial_failed'

/** The codes that the pool itself rejects requests with. */
export const REJECTION_CODES: readonly RejectionCode[] = [
  'ERR_HOLDFAST_QUEUE_FULL',
  'ERR_HOLDFAST_ACQUIRE_TIMEOUT',
  'ERR_HOLDFAST_POOL_CLOSED',
  'dial_failed',
]

export const rejectionCodeOf = (error: Error): RejectionCode =>
  error instanceof HoldfastError ? error.code : 'dial_failed'
