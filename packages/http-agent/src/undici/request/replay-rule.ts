import type { ResolvedPolicy } from '@holdfast/core'
import { isMethodReplayed } from '../../driver/replay-allowance.ts'
import type { ClientConnection } from '../connection/client-connection.ts'
import { isConnectionLoss } from '../connection/connection-loss.ts'
import type { DispatchedRequest } from './dispatched-request.ts'

/** Whether it would do no harm to send the request again, as far as it and the policy go. */
export const isRepeatable = (
  request: DispatchedRequest,
  replay: ResolvedPolicy['replay'],
): boolean =>
  request.replayCount === 0 &&
  request.isBodyAtHand &&
  (isMethodReplayed(replay, request.options.method) ||
    (replay !== 'never' && request.hasIdempotencyKey))

/**
 * Whether a request that may have arrived is sent again, although its connection was lost: one that
 * was sent in full on a connection that was not dialled for it, to which nothing was answered, and
 * that can be repeated. Once.
 */
export const isReplayed = (
  request: DispatchedRequest,
  { connection, error }: ClientConnection,
  replay: ResolvedPolicy['replay'],
): boolean =>
  request.phase === 'running' &&
  connection.isDated &&
  request.isSent &&
  !request.hasResponse &&
  !request.aborted &&
  isConnectionLoss(error) &&
  isRepeatable(request, replay)
