import type { ClientRequest } from 'node:http'
import type { Socket } from 'node:net'
import { realTime } from '../../driver/real-time.ts'

const CONNECT_EVENTS: readonly (string | symbol)[] = ['connect', 'ready', 'secureConnect']

/**
 * Tells the listeners to a socket's connect events that are added while the request makes it known,
 * although these events have passed. Nothing here is undocumented; but clients count on the order in
 * which Node's agent connects and hands over, which no documentation names.
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
