import type { ClientRequest, IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { realTime } from '../../driver/real-time.ts'

/**
 * Everything of Node's HTTP client that its documentation leaves out and that an agent cannot do
 * without. Each touch point has a test that runs on every supported line of Node.
 */

/** What was written, as a request keeps it while it has no socket. */
export interface PendingWrite {
  data: string | Uint8Array
  readonly encoding: BufferEncoding | null | undefined
  callback: WriteCallback | null | undefined
}

export type WriteCallback = (error?: Error | null) => void

/** What a request has besides its documented members. */
export interface AgentRequest extends ClientRequest {
  /** How an agent answers: with a socket, or with the error that the request is to emit. */
  readonly onSocket: (socket: Socket | null, error?: Error) => void
  /** The `timeout` option of the request. */
  timeout?: number
  /** What forwards the time-out of its socket, where the request listens to that. */
  timeoutCb?: ((...values: unknown[]) => void) | null
  parser: object | null
  /** Whether the connection may serve another request, as far as is known so far. */
  shouldKeepAlive: boolean
  /** The serialised head, `null` until it has been made. */
  _header: string | null
  /** Whether the head has been written, be it to {@link outputData}. */
  readonly _headerSent: boolean
  /** What was written before there was a socket; the head stands before the first of it. */
  outputData: PendingWrite[]
  outputSize: number
  readonly res?: IncomingMessage | null
  destroyed: boolean
  _closed?: boolean
}

/** What a socket has besides its documented members. */
export interface AgentSocket extends Socket {
  /** The request that uses the socket. Node's listeners look it up here. */
  _httpMessage?: AgentRequest | null
  readonly _handle?: SocketHandle | null
  /** TLS sockets only: whether the handshake is in progress. */
  readonly secureConnecting?: boolean
}

const READER: unique symbol = Symbol('reader')

interface SocketHandle {
  /** TLS only: the handle that TLS stands on. */
  readonly _parent?: SocketHandle | null
  readonly bytesRead?: number
  readonly bytesWritten?: number
  /** Called with what was read, or with nothing at the end of the stream or upon an error. */
  onread?: OnRead
  reading?: boolean
  readonly readStart?: () => number
  readonly getProviderType?: () => number
  readonly getAsyncId?: () => number
  readonly asyncReset?: (resource: object) => void
  [READER]?: SocketReader
}

type OnRead = (this: SocketHandle, bytes?: ArrayBuffer) => unknown

/** Who is shown what is read from a socket before Node's own reader sees it. */
export interface SocketReader {
  readonly socket: AgentSocket
  /** Whether nobody asked the socket anything. Bytes do not reach the stream then. */
  readonly isWatched: boolean
  /** Whether anything has been read since the socket was handed to a request. */
  readonly isAnswered: boolean
  readonly onBytes: (bytes: Uint8Array) => void
  /** The stream is at its end, or `errored`. */
  readonly onEnd: () => void
  /**
   * The first bytes come since the socket was handed to a request.
   *
   * @returns Whether they may be its response; where not, they reach nobody.
   */
  readonly onAnswer: () => boolean
  /** The stream of a socket that a request uses is at its end. The request hears of it in the next tick. */
  readonly onRequestEnd: () => void
  /** Node's own reader; kept by {@link interceptReads}. */
  onread: OnRead | undefined
}

function readForReader(this: SocketHandle, bytes?: ArrayBuffer): unknown {
  const reader = this[READER] as SocketReader
  const { onread, socket } = reader
  if (bytes === undefined) {
    onread?.call(this)
    if (reader.isWatched) reader.onEnd()
    else if (!socket.destroyed) reader.onRequestEnd()
    return undefined
  }
  if (!reader.isWatched) {
    if (!(reader.isAnswered || reader.onAnswer())) return undefined
    return onread?.call(this, bytes)
  }
  // Which part of the buffer was read (not all of it since Node 26), only Node's reader knows.
  const { push } = socket
  socket.push = (read) => {
    reader.onBytes(read)
    return true
  }
  onread?.call(this, bytes)
  socket.push = push
  return undefined
}

/**
 * Shows what is read from a socket, without a `data` or `end` listener: libraries count those to tell
 * whether a response is complete. To be called once the socket is connected.
 *
 * @returns Whether the stream is a socket of Node's, which alone has a handle to look at.
 */
export const interceptReads = (socket: AgentSocket, reader: SocketReader): boolean => {
  const handle = socket._handle
  const onread = handle?.onread
  if (!handle || typeof onread !== 'function') return false
  reader.onread = onread
  handle[READER] = reader
  handle.onread = readForReader
  return true
}

/** Leaves the reads to Node's own reader again. */
export const restoreReads = ({ _handle: handle }: AgentSocket, reader: SocketReader): void => {
  if (handle && reader.onread !== undefined) handle.onread = reader.onread
}

/** A socket that was paused at the end of its response would not notice that the peer closes it. */
export const resumeReads = ({ _handle: handle }: AgentSocket): void => {
  if (handle?.reading !== false || handle.readStart === undefined) return
  handle.reading = true
  handle.readStart()
}

/**
 * How many bytes TLS has read from its peer, decrypted or not; `undefined` without TLS. Records that were
 * read together are decrypted one by one, so that what a request finds in the second one may have been
 * there before it was sent.
 */
export const encryptedBytesRead = ({ _handle: handle }: AgentSocket): number | undefined =>
  handle?._parent?.bytesRead

/** What Node shows to async hooks as the resource of a socket that starts to serve anew. */
class ReusedHandle {
  readonly type: number
  readonly handle: SocketHandle

  constructor(type: number, handle: SocketHandle) {
    this.type = type
    this.handle = handle
  }
}

let asyncIdSymbol: symbol | undefined

const findAsyncIdSymbol = (socket: Socket): symbol | undefined => {
  asyncIdSymbol ??= Object.getOwnPropertySymbols(socket).find(
    ({ description }) => description === 'async_id_symbol',
  )
  return asyncIdSymbol
}

const setAsyncId = (socket: Socket, asyncId: number): void => {
  const symbol = findAsyncIdSymbol(socket)
  if (symbol !== undefined) (socket as unknown as Record<symbol, number>)[symbol] = asyncId
}

/** Gives a reused socket the async context of the request at hand, as Node's agent does. */
export const enterAsyncContext = (socket: AgentSocket): void => {
  const handle = socket._handle
  if (!(handle?.asyncReset && handle.getProviderType && handle.getAsyncId)) return
  handle.asyncReset(new ReusedHandle(handle.getProviderType(), handle))
  setAsyncId(socket, handle.getAsyncId())
}

/** An idle socket belongs to no async context; Node's agent marks it so. */
export const leaveAsyncContext = (socket: AgentSocket): void => setAsyncId(socket, -1)

const CONNECT_EVENTS: readonly (string | symbol)[] = ['connect', 'ready', 'secureConnect']

/**
 * Tells the listeners to a socket's connect events that are added while the request makes it known,
 * although these events have passed.
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

const KEEP_ALIVE = '\r\nConnection: keep-alive\r\n'
const CLOSE = '\r\nConnection: close\r\n'

/**
 * Announces that the request is the last one of its connection. A request that had to wait has made
 * its head already; as long as no socket has it, it can be mended. A head that the caller wrote
 * a `Connection` into is left as it is.
 */
export const announceLastRequest = (request: AgentRequest): void => {
  const { _header: head, _headerSent: isHeadWritten } = request
  if (head === null) {
    request.shouldKeepAlive = false
    return
  }
  const [first] = request.outputData
  const isBuffered = typeof first?.data === 'string' && first.data.startsWith(head)
  if (!head.includes(KEEP_ALIVE) || (isHeadWritten && !isBuffered)) return
  const mended = head.replace(KEEP_ALIVE, CLOSE)
  if (isBuffered) {
    first.data = mended + (first.data as string).slice(head.length)
    request.outputSize += mended.length - head.length
  }
  request._header = mended
  request.shouldKeepAlive = false
}

/** Node's own listeners to a socket that a request is using. */
const REQUEST_LISTENERS: Readonly<Record<string, string>> = {
  close: 'socketCloseListener',
  error: 'socketErrorListener',
  data: 'socketOnData',
  end: 'socketOnEnd',
  drain: 'ondrain',
}

/** Ends the part of a request in its socket, as Node does where the socket is kept alive. */
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
  const request = this._httpMessage
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

/** Lets a reused socket apply back-pressure as the request at hand asks for. */
export const adoptHighWaterMark = (socket: Socket, highWaterMark: number): void => {
  const { _writableState: state } = socket as unknown as {
    readonly _writableState?: { highWaterMark: number }
  }
  if (state !== undefined) state.highWaterMark = highWaterMark
}

/**
 * Whether the options of an HTTPS request say that its `checkServerIdentity` is its own, and so has to
 * be asked for each request. Node's agents keep no connection of such a request (since 22.23, 24.21).
 */
export const isIdentityCheckedByRequest = (options: object): boolean =>
  Object.getOwnPropertySymbols(options).some(
    ({ description }) => description === 'per-request checkServerIdentity',
  )

/** Whether the socket leads to a proxy only, and a callback will bring the one to use. */
export const isAwaitingTunnel = (socket: Socket): boolean =>
  Object.getOwnPropertySymbols(socket).some(
    ({ description }) => description === 'kWaitForProxyTunnel',
  )
