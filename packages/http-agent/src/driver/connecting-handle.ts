import { Socket } from 'node:net'

/*
 * What of a socket that is connecting Node's documentation leaves out. It takes two things that Node
 * itself does where it tries one address after the other (`autoSelectFamily`): to hear how an attempt
 * ends before the socket does, and to put another handle in the place of the socket's.
 */

/** The end of an attempt: 0, or what the system says instead, and whether the socket reads and writes. */
export type Outcome = [
  status: number,
  handle: object,
  request: ConnectRequest,
  readable: boolean,
  writable: boolean,
]

export type Complete = (this: ConnectRequest, ...outcome: Outcome) => void

/** One attempt, as Node asks its handle for it. */
export interface ConnectRequest {
  /**
   * Called at the end of an attempt.
   *
   * @why The failure of one attempt destroys the socket, although others go on.
   * @instead An option of `net.connect` by which attempts race, and none is abandoned.
   */
  oncomplete: Complete
}

export type Connect = (request: ConnectRequest, address: string, port: number) => number

/** The TCP socket in libuv. */
export interface ConnectingHandle {
  /**
   * Begins an attempt by IPv4. It is replaced on the handle for that attempt.
   *
   * @why It is where the request of an attempt can be seen.
   * @instead As for `oncomplete`.
   */
  connect: Connect
  /**
   * The same by IPv6.
   *
   * @why As for {@link connect}.
   * @instead As for `oncomplete`.
   */
  connect6: Connect
  /**
   * Whether the process waits for it.
   *
   * @why Another handle in its place has to be as it was.
   * @instead `socket.hasRef()`.
   */
  readonly hasRef?: () => boolean
  /**
   * TLS only: the handle that TLS stands on.
   *
   * @why It is the one that connects.
   * @instead As for `oncomplete`.
   */
  readonly _parent?: ConnectingHandle | null
}

type Reinitialize = (this: Socket, handle: object) => void

interface HandleOwner {
  /**
   * The handle of a socket. Its connection is taken from one socket for another one by it.
   *
   * @why Of several sockets that connect, the one that the caller has must be the one that is connected.
   * @instead As for `oncomplete`.
   */
  _handle?: ConnectingHandle | null
}

/**
 * The name of the method by which Node gives a socket another handle; TLS sockets have their own.
 *
 * @why Node's own attempts, one after the other, become one socket's by it, with TLS and all options.
 * @instead As for `oncomplete`.
 */
const REINITIALIZE_NAME = 'kReinitializeHandle'

const symbolOf = (owner: object, description: string): symbol | undefined =>
  Object.getOwnPropertySymbols(owner).find((symbol) => symbol.description === description)

const REINITIALIZE = symbolOf(Socket.prototype, REINITIALIZE_NAME)

const reinitializeOf = (socket: Socket): Reinitialize | undefined => {
  if (REINITIALIZE === undefined) return undefined
  const method: unknown = Reflect.get(socket, REINITIALIZE)
  return typeof method === 'function' ? (method as Reinitialize) : undefined
}

/**
 * The handle that a socket is about to connect by, where another one can take its place; `undefined` for
 * whatever is no connecting TCP socket of Node's.
 */
export const connectingHandleOf = (socket: Socket): ConnectingHandle | undefined => {
  if (!socket.connecting || reinitializeOf(socket) === undefined) return undefined
  const { _handle: handle } = socket as HandleOwner
  const tcp = handle?._parent ?? handle
  const isTcp = typeof tcp?.connect === 'function' && typeof tcp.connect6 === 'function'
  return isTcp ? tcp : undefined
}

/** Whether the process waits for what becomes of the handle. */
export const keepsAlive = (handle: ConnectingHandle): boolean => handle.hasRef?.() !== false

/**
 * Has somebody else make the attempt that the handle is asked for within `begin`.
 *
 * @param replace Given how the handle would do it, does it instead.
 */
export const interceptConnect = (
  handle: ConnectingHandle,
  replace: (own: Connect) => Connect,
  begin: () => void,
): void => {
  const intercept =
    (method: 'connect' | 'connect6'): Connect =>
    (request, address, port) => {
      restore()
      return replace(handle[method].bind(handle))(request, address, port)
    }
  const restore = (): void => {
    Reflect.deleteProperty(handle, 'connect6')
    Reflect.deleteProperty(handle, 'connect')
  }
  handle.connect = intercept('connect')
  handle.connect6 = intercept('connect6')
  try {
    begin()
  } finally {
    restore()
  }
}

/**
 * Gives the connecting socket the connection of another one, which has just connected and has read
 * nothing, and lets it know that its attempt has succeeded. The other one is empty afterwards.
 *
 * @param complete What the socket's own attempt would have ended with.
 */
export const takeConnection = (
  socket: Socket,
  from: Socket,
  request: ConnectRequest,
  complete: Complete,
): void => {
  const donor = from as HandleOwner
  const handle = donor._handle as ConnectingHandle
  const own = (socket as HandleOwner)._handle as ConnectingHandle
  const isUnreferenced = !keepsAlive(own._parent ?? own)
  donor._handle = null
  reinitializeOf(socket)?.call(socket, handle)
  if (isUnreferenced) socket.unref()
  complete.call(request, 0, (socket as HandleOwner)._handle as object, request, true, true)
}
