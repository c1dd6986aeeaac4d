import type { Socket } from 'node:net'
import type { TcpKeepAlive } from '@holdfast/core'

/** TCP keepalive as it is asked for; interval and probes are left to Node where they are left out. */
export type KeepAliveSettings = Pick<TcpKeepAlive, 'delayMs'> & Partial<TcpKeepAlive>

/** `setKeepAlive` since Node 24.21 and 26.10; earlier ones pass over the last two. */
type SetKeepAlive = (
  isOn: boolean,
  delayMs: number,
  intervalMs: number | undefined,
  probes: number | undefined,
) => void

/** Switches TCP keepalive on; a stream that knows none is left as it is. */
export const keepSocketProbed = (
  socket: Socket,
  { delayMs, intervalMs, probes }: KeepAliveSettings,
): void => {
  const { setKeepAlive } = socket as { readonly setKeepAlive?: SetKeepAlive }
  setKeepAlive?.call(socket, true, delayMs, intervalMs, probes)
}
