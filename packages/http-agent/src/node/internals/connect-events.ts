import type { ClientRequest } from 'node:http'
import type { Socket } from 'node:net'
import { realTime } from '../../driver/real-time.ts'

const CONNECT_EVENTS: readonly (string | symbol)[] = ['connect', 'ready', 'secureConnect']

/**
 * Tells the listeners to a socket's connect events that are added while the request makes it known,
 * although these events have passed.
 *
 * @why Node's agent hands a connecting socket over before it connects; a socket that was dialled ahead has
 * done so already, and clients wait for `connect` in vain.
 * @instead An event of requests that tells of a usable socket, whenever it connected.
 */
export const replayConnectEvents = (socket: Socket, request: ClientRequest): void => {
  const onNewListener = (
    event: string | symbol,
    listener: (...values: unknown[]) => void,
  ): void => {
    if (!CONNECT_EVENTS.includes(event)) return
    realTime.nextTick(() => {
      if (!socket.listeners(event).includes(listener)) return
      socket.off(event, listener)
      listener.call(socket)
    })
  }
  request.prependOnceListener('socket', () => {
    socket.on('newListener', onNewListener)
    realTime.nextTick(() => socket.off('newListener', onNewListener))
  })
}
