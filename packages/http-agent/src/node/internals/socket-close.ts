import { realTime } from '../../driver/real-time.ts'
import type { AgentRequest } from './agent-request.ts'
import type { AgentSocket } from './agent-socket.ts'
import { requestOn } from './request-on-socket.ts'

interface EndingRequest extends AgentRequest {
  /**
   * Whether the request is over, as `request.closed` says. Set here.
   *
   * @why The socket outlives the request, which would otherwise wait for it to close.
   * @instead A way to detach a request from its socket.
   */
  _closed?: boolean
  /**
   * Whether the request has ended. Documented to be read; set here.
   *
   * @why As for `_closed`.
   * @instead As for `_closed`.
   */
  destroyed: boolean
}

/**
 * Node's own listeners to a socket that a request is using, by the names of their functions.
 *
 * @why A request whose response has ended leaves the socket, which then waits for the peer's FIN.
 * @instead A way to detach a request from its socket.
 */
const REQUEST_LISTENERS: Readonly<Record<string, string>> = {
  close: 'socketCloseListener',
  error: 'socketErrorListener',
  data: 'socketOnData',
  end: 'socketOnEnd',
  drain: 'ondrain',
}

/** Removes the listeners of a request from its socket, as Node does for a socket that is kept alive. */
const detachRequest = (socket: AgentSocket): void => {
  for (const [event, name] of Object.entries(REQUEST_LISTENERS)) {
    for (const listener of socket.listeners(event) as ((...values: unknown[]) => void)[]) {
      if (listener.name === name) socket.off(event, listener)
    }
  }
}

const ON_SERVED: unique symbol = Symbol('on served')

type InterceptedSocket = AgentSocket & { [ON_SERVED]: () => void }

function destroySoonUnlessServed(this: InterceptedSocket): void {
  const request = requestOn(this) as EndingRequest | null | undefined
  if (this.destroyed || !request?.res?.complete || !request.writableFinished) {
    Object.getPrototypeOf(this).destroySoon.call(this)
    return
  }
  // A stream of the caller's own may set it, too.
  Object.defineProperty(this, 'writable', { value: false, writable: true, configurable: true })
  // Listeners to the end of the response still find the socket in use, as with Node's agent.
  realTime.nextTick(() => {
    detachRequest(this)
    this[ON_SERVED]()
    request.destroyed = true
    // With Node's agent the socket closes first, and so after the response.
    realTime.setImmediate(() => {
      request._closed = true
      request.emit('close')
    })
  })
}

/**
 * Calls `onServed` on the socket, instead of closing it, when the response to its last request is
 * complete. Node would send its FIN at once, and mostly before the peer's; it asserts that the socket
 * is not writable afterwards.
 */
export const interceptClose = <Intercepted extends AgentSocket>(
  socket: AgentSocket,
  onServed: (this: Intercepted) => void,
): void => {
  if (typeof (socket as Partial<AgentSocket>).destroySoon !== 'function') return
  const intercepted = socket as InterceptedSocket
  intercepted[ON_SERVED] = onServed as () => void
  intercepted.destroySoon = destroySoonUnlessServed
}
