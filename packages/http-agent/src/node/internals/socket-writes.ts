import type { SentWrites } from '../request/sent-writes.ts'
import type { AgentSocket } from './agent-socket.ts'
import type { PendingWrite, WriteCallback } from './pending-writes.ts'

/** Receives the writes of requests to a socket, and its end. */
export interface WriteWatcher {
  /** The recorder of the next write, if it is recorded. */
  readonly rememberer: () => SentWrites | undefined
  /** The recorder of the writes since the socket was handed over. */
  readonly sent: SentWrites | undefined
  /** Whether the socket is corked, and is to stay so until the event loop has read once more. */
  readonly isKeptBack: boolean
  /**
   * The socket is about to be destroyed.
   *
   * @returns Whether the error is to be kept from the socket.
   */
  readonly onDestroy: (error: Error | undefined) => boolean
}

const WATCHER: unique symbol = Symbol('write watcher')
const WRITE: unique symbol = Symbol('write')
const UNCORK: unique symbol = Symbol('uncork')
const DESTROY: unique symbol = Symbol('destroy')

type Write = (
  data: PendingWrite['data'],
  encoding?: PendingWrite['encoding'],
  callback?: PendingWrite['callback'],
) => boolean

interface WatchedSocket extends Omit<AgentSocket, 'write'> {
  write: Write
  [WATCHER]: WriteWatcher
  [WRITE]: Write
  [UNCORK]: AgentSocket['uncork']
  [DESTROY]: AgentSocket['destroy']
}

const look = (socket: WatchedSocket, sent: SentWrites): void => {
  // What the system refuses at once makes the stream fail within the call, and tell of it later.
  if (socket.writableCorked === 0) sent.dispatched(socket.errored !== null)
}

function writeAndRemember(
  this: WatchedSocket,
  data: PendingWrite['data'],
  encoding?: PendingWrite['encoding'] | WriteCallback,
  callback?: PendingWrite['callback'],
): boolean {
  if (typeof encoding === 'function') return this.write(data, null, encoding)
  const sent = this[WATCHER].rememberer()
  if (sent === undefined) return this[WRITE](data, encoding, callback)
  const isRoomLeft = this[WRITE](data, encoding, sent.remember(data, encoding, callback))
  look(this, sent)
  return isRoomLeft
}

function uncorkAndLook(this: WatchedSocket): void {
  // A request uncorks its socket for good when it ends.
  if (this[WATCHER].isKeptBack && this.writableCorked === 1) return
  this[UNCORK]()
  const { sent } = this[WATCHER]
  if (sent !== undefined) look(this, sent)
}

// A response that is destroyed without an error destroys its socket with `null`.
function destroyOrHush(this: WatchedSocket, error?: Error | null): WatchedSocket {
  const isHushed = !this.destroyed && this[WATCHER].onDestroy(error ?? undefined)
  this[DESTROY](isHushed || !error ? undefined : error)
  return this
}

/**
 * Shows the writes to a socket, and its end, before the request that uses it hears of them. Once Node has
 * called the callback of a write with an error, the request has failed for good.
 *
 * A write that the system refuses makes the stream fail within the call. The callback of a write hears of
 * that before `destroy` is called, and that before any listener.
 *
 * @why A request whose connection turns out dead is taken away before it has heard of anything.
 * @instead A hook by which an agent says whether a request that lost its socket gets another one.
 */
export const interceptWrites = (socket: AgentSocket, watcher: WriteWatcher): void => {
  const watched = socket as unknown as WatchedSocket
  watched[WATCHER] = watcher
  watched[WRITE] = watched.write
  watched[UNCORK] = watched.uncork
  watched[DESTROY] = watched.destroy
  watched.write = writeAndRemember as Write
  watched.uncork = uncorkAndLook
  watched.destroy = destroyOrHush as unknown as AgentSocket['destroy']
}

/** Restores the methods, unless someone has replaced them since. */
export const restoreWrites = (socket: AgentSocket): void => {
  const watched = socket as unknown as WatchedSocket
  if ((watched.write as unknown) === writeAndRemember) watched.write = watched[WRITE]
  if (watched.uncork === uncorkAndLook) watched.uncork = watched[UNCORK]
  if ((watched.destroy as unknown) === destroyOrHush) watched.destroy = watched[DESTROY]
}
