import type { Socket } from 'node:net'
import type { TcpKeepAlive } from '@holdfast/core'

/** Settings of TCP keepalive. Interval and probes that are left out are Node's. */
export type KeepAliveSettings = Pick<TcpKeepAlive, 'delayMs'> & Partial<TcpKeepAlive>

/** `setKeepAlive` since Node 24.21 and 26.10; earlier versions ignore the last two. */
type SetKeepAlive = (
  isOn: boolean,
  delayMs: number,
  intervalMs: number | undefined,
  probes: number | undefined,
) => void

/** Switches TCP keepalive on. A stream that has none stays as it is. */
export const keepSocketProbed = (
  socket: Socket,
  { delayMs, intervalMs, probes }: KeepAliveSettings,
): void => {
  const { setKeepAlive } = socket as { readonly setKeepAlive?: SetKeepAlive }
  setKeepAlive?.call(socket, true, delayMs, intervalMs, probes)
}
