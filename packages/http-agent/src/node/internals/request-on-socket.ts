import type { Socket } from 'node:net'
import type { AgentRequest } from './agent-request.ts'

export interface SocketInUse extends Socket {
  /**
   * The request that uses the socket. Node's listeners look it up here.
   *
   * @why Node's listeners find the request by it, so that taking it out takes the request away; of a socket
   * that an agent did not hand out, nothing else tells who uses it.
   * @instead A second argument of the `free` event, and a way to detach a request from its socket.
   */
  _httpMessage?: AgentRequest | null
}

/** The request that uses the socket, or has used it last. */
export const requestOn = (socket: Socket): AgentRequest | null | undefined =>
  (socket as SocketInUse)._httpMessage

/** Marks the socket as used by the request, or by nobody. */
export const setRequestOn = (socket: Socket, request: AgentRequest | null): void => {
  ;(socket as SocketInUse)._httpMessage = request
}
