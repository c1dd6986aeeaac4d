import type { ClientRequest, IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'

/** A request as agents see it: with the members that agents cannot do without. */
export interface AgentRequest extends ClientRequest {
  /**
   * Answers the request with a socket, or with the error that it is to emit.
   *
   * @why It is the only way by which an agent gives a request its socket.
   * @instead The same method, documented.
   */
  readonly onSocket: (socket: Socket | null, error?: Error) => void
  /**
   * The `timeout` option of the request, in milliseconds.
   *
   * @why A reused socket gets the time-out of the request that it serves next.
   * @instead `request.timeout`, documented.
   */
  timeout?: number
  /**
   * Whether the connection may serve another request, as far as is known so far.
   *
   * @why It tells after a response whether the socket is to be kept, and before the head is made it
   * decides on `Connection: close`.
   * @instead `request.shouldKeepAlive`, documented, or a second argument of the `free` event.
   */
  shouldKeepAlive: boolean
  /**
   * Whether the request usually has a body: its method is none of GET, HEAD, DELETE, OPTIONS, TRACE, CONNECT.
   *
   * @why Such a request may turn out to be streamed, so that it is not certain that it can be sent again.
   * @instead A way to tell that a request will have no body.
   */
  useChunkedEncodingByDefault: boolean
  /**
   * The response, once its head has come.
   *
   * @why An agent that looks at a connection in use must not add a listener for `response`.
   * @instead `request.res`, documented.
   */
  readonly res?: IncomingMessage | null
}
