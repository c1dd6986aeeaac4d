import type { ResolvedPolicy } from '@holdfast/core'
import { isMethodReplayed } from '../driver/replay-allowance.ts'
import type { ClientConnection } from './client-connection.ts'
import { isConnectionLoss } from './connection-loss.ts'
import type { DispatchedRequest } from './dispatched-request.ts'

/** Whether it would do no harm to send the request again, as far as it and the policy go. */
export const isRepeatable = (
  { options, isBodyAtHand, replayCount, hasIdempotencyKey }: DispatchedRequest,
  replay: ResolvedPolicy['replay'],
): boolean =>
  replayCount === 0 &&
  isBodyAtHand &&
  (isMethodReplayed(replay, options.method) || (replay !== 'never' && hasIdempotencyKey))

/**
 * Whether a request that may have arrived is sent again, although its connection was lost: one that
 * was sent in full on a connection that others had used before, to which nothing was answered, and
 * that can be repeated. Once.
 */
export const isReplayed = (
  request: DispatchedRequest,
  { connection, error }: ClientConnection,
  replay: ResolvedPolicy['replay'],
): boolean =>
  request.phase === 'running' &&
  connection.isReused &&
  request.isSent &&
  !request.hasResponse &&
  !request.aborted &&
  isConnectionLoss(error) &&
  isRepeatable(request, replay)
