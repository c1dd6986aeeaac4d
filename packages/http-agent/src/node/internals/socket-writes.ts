import type { SentWrites } from '../request/sent-writes.ts'
import type { AgentSocket } from './agent-socket.ts'
import type { PendingWrite, WriteCallback } from './pending-writes.ts'

/** Who is told of what requests write to a socket, and of its end. */
export interface WriteWatcher {
  /** What is to remember a write to come, if anything. */
  readonly rememberer: () => SentWrites | undefined
  /** What has remembered writes since the socket was handed over. */
  readonly sent: SentWrites | undefined
  /** Whether the socket is corked, and is to stay so until the event loop has read once more. */
  readonly isKeptBack: boolean
  /**
   * The socket is about to be destroyed.
   *
   * @returns Whether nobody needs to hear of the error.
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
 * Shows what is written to a socket, and what it ends by, before the request that uses it hears of
 * that: Node tells the request from the callbacks of its writes on, and there is no way back.
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

/** Ends that, but for what somebody else has put in its place. */
export const restoreWrites = (socket: AgentSocket): void => {
  const watched = socket as unknown as WatchedSocket
  if ((watched.write as unknown) === writeAndRemember) watched.write = watched[WRITE]
  if (watched.uncork === uncorkAndLook) watched.uncork = watched[UNCORK]
  if ((watched.destroy as unknown) === destroyOrHush) watched.destroy = watched[DESTROY]
}
