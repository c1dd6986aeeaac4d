import type { SocketObservation } from '@holdfast/core'
import type { SocketCarrier } from './socket-carrier.ts'

const isReset = (error: Error | null | undefined): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ECONNRESET'

/** How a connection whose socket is closed came to its end, as far as the process has seen. */
export const endingOf = ({ ending, socket }: SocketCarrier): SocketObservation => {
  if (ending !== undefined) return ending
  if (socket?.readableEnded) return 'fin_read'
  return isReset(socket?.errored) ? 'reset_received' : 'closed'
}
