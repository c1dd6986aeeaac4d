// biome-ignore-all lint/style/useNamingConvention: the names are those of the close reasons.

import type { CloseReason } from '@holdfast/core'
import type { SocketObservation } from '@holdfast/core/tcp'
import type { SocketCarrier } from '../socket-carrier.ts'
import { isReset } from './is-reset.ts'

/** The end of a socket by its close reason, or by a look at it just before it is closed. */
const ENDINGS: Readonly<Partial<Record<CloseReason, SocketObservation>>> = {
  peer_fin: 'fin_read',
  peer_reset: 'reset_received',
}

/** The end of a connection whose socket is closed, as far as the process has seen it. */
export const endingOf = (
  { ending, socket }: SocketCarrier,
  reason: CloseReason,
): SocketObservation => {
  const known = ending ?? ENDINGS[reason]
  if (known !== undefined) return known
  if (socket?.readableEnded) return 'fin_read'
  return isReset(socket?.errored) ? 'reset_received' : 'closed'
}

/** The end of a socket that is about to be closed, by the result of a look at it. */
export const endingSeen = (seen: CloseReason): SocketObservation =>
  // The look has read one byte; what stays unread turns the close into a reset.
  seen === 'stray_data' ? 'closed_unread' : (ENDINGS[seen] ?? 'closed')
