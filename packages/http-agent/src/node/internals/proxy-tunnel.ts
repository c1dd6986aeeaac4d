import type { Socket } from 'node:net'

/**
 * The description of the symbol by which Node marks a socket whose proxy has not opened the tunnel.
 *
 * @why `createConnection` returns such a socket as any other, and calls back with the one to use.
 * @instead `createConnection` that returns nothing where it will call back.
 */
const WAITS_FOR_TUNNEL = 'kWaitForProxyTunnel'

/** Whether the socket leads to a proxy only, and a callback will bring the one to use. */
export const isAwaitingTunnel = (socket: Socket): boolean =>
  Object.getOwnPropertySymbols(socket).some(({ description }) => description === WAITS_FOR_TUNNEL)
