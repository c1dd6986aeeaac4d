import type { Socket } from 'node:net'
import { handleOf, type SocketHandle } from '../../driver/socket-handle.ts'

export interface AsyncHandle extends SocketHandle {
  /**
   * The number of the kind of handle, by which async hooks name it.
   *
   * @why {@link asyncReset} is given it, as by Node's agent.
   * @instead `socket.asyncReset()`.
   */
  readonly getProviderType?: () => number
  /**
   * The async id of the handle.
   *
   * @why The socket has a copy of it, which has to follow.
   * @instead `socket.asyncReset()`.
   */
  readonly getAsyncId?: () => number
  /**
   * Gives the handle a new async id, and the async context of the caller.
   *
   * @why Without it, what happens on a reused socket runs in the async context of its first request.
   * @instead `socket.asyncReset()`, which every agent and pool needs.
   */
  readonly asyncReset?: (resource: object) => void
}

/** The resource that async hooks see of a socket that serves another request. */
class ReusedHandle {
  readonly type: number
  readonly handle: SocketHandle

  constructor(type: number, handle: SocketHandle) {
    this.type = type
    this.handle = handle
  }
}

/**
 * The description of the symbol under which a socket keeps the async id of its handle.
 *
 * @why An idle socket belongs to no async context, and a reused one to that of its request.
 * @instead `socket.asyncReset()`.
 */
const ASYNC_ID = 'async_id_symbol'

let asyncIdSymbol: symbol | undefined

const findAsyncIdSymbol = (socket: Socket): symbol | undefined => {
  asyncIdSymbol ??= Object.getOwnPropertySymbols(socket).find(
    ({ description }) => description === ASYNC_ID,
  )
  return asyncIdSymbol
}

const setAsyncId = (socket: Socket, asyncId: number): void => {
  const symbol = findAsyncIdSymbol(socket)
  if (symbol !== undefined) (socket as unknown as Record<symbol, number>)[symbol] = asyncId
}

/** Gives a reused socket the async context of the request at hand, as Node's agent does. */
export const enterAsyncContext = (socket: Socket): void => {
  const handle: AsyncHandle | null | undefined = handleOf(socket)
  if (!(handle?.asyncReset && handle.getProviderType && handle.getAsyncId)) return
  handle.asyncReset(new ReusedHandle(handle.getProviderType(), handle))
  setAsyncId(socket, handle.getAsyncId())
}

/** An idle socket belongs to no async context; Node's agent marks it so. */
export const leaveAsyncContext = (socket: Socket): void => setAsyncId(socket, -1)
