import type { CloseReason } from '@holdfast/core'
import {
  type AgentRequest,
  type AgentSocket,
  interceptClose,
  leaveAsyncContext,
  ReadDiversion,
  replayConnectEvents,
} from './node-internals.ts'

const LINE_FEED = 10
const CARRIAGE_RETURN = 13

/** What a socket tells its driver. */
export interface SocketListener {
  /** The socket is connected, and its TLS handshake is done. */
  readonly onOpen: () => void
  /** A request gives the socket back. */
  readonly onFree: () => void
  /** The response is complete after which the socket takes no further request. */
  readonly onServed: () => void
  /** A request keeps the socket for good (upgrade, CONNECT). */
  readonly onRemove: () => void
  /** While no request uses the socket, something came that ends its use. */
  readonly onLost: (reason: CloseReason) => void
  /** Nothing came for as long as the time-out set on the socket. */
  readonly onTimeout: () => void
  readonly onClose: (error: Error | undefined) => void
}

const isEmptyLine = (bytes: Uint8Array): boolean =>
  bytes.every((byte) => byte === CARRIAGE_RETURN || byte === LINE_FEED)

const isReset = (error: Error | null): boolean =>
  error !== null && 'code' in error && error.code === 'ECONNRESET'

/**
 * A socket in the pool. It listens to what Node's agent listens to, no more and no less, because
 * libraries count listeners: four events for life, errors while no request does. While the socket
 * is idle, bytes are no response, and would be taken for the next one's (RFC 9112 §9.2).
 */
export class PooledSocket {
  readonly socket: AgentSocket
  /** What the socket was made with. */
  readonly options: object
  /** Whether its last response is complete. */
  isServed = false
  readonly #listener: SocketListener
  readonly #readyEvent: 'connect' | 'secureConnect' | undefined
  readonly #diversion: ReadDiversion
  #error: Error | undefined
  #isWatched: boolean
  #isGuarded: boolean

  constructor(socket: AgentSocket, options: object, listener: SocketListener) {
    this.socket = socket
    this.options = options
    this.#listener = listener
    this.#diversion = new ReadDiversion(socket, { onBytes: this.#onBytes, onEnd: this.#onEnd })
    this.#error = undefined
    this.#isWatched = false
    this.#isGuarded = true
    if (socket.secureConnecting === true) this.#readyEvent = 'secureConnect'
    else this.#readyEvent = socket.connecting || socket.destroyed ? 'connect' : undefined
    interceptClose(socket, listener.onServed)
    socket.on('free', listener.onFree)
    socket.on('agentRemove', listener.onRemove)
    socket.on('timeout', listener.onTimeout)
    socket.on('close', this.#onClose)
    socket.on('error', this.#onError)
    if (this.#readyEvent !== undefined) socket.once(this.#readyEvent, listener.onOpen)
  }

  /** Whether the socket can be used already; `onOpen` is not called then. */
  get isOpen(): boolean {
    return this.#readyEvent === undefined
  }

  /** Whether the pool listens to the socket, and no request does. */
  get isWatched(): boolean {
    return this.#isWatched
  }

  /** Begins the watch over an idle socket. Bytes that the stream has read already are stray ones. */
  watch(): void {
    const { socket } = this
    if (socket.readableLength > 0) {
      this.#listener.onLost('stray_data')
      return
    }
    leaveAsyncContext(socket)
    this.guardErrors()
    this.#isWatched = true
    this.#diversion.begin()
  }

  endWatch(): void {
    if (!this.#isWatched) return
    this.#isWatched = false
    this.#diversion.end()
  }

  /** Listens to errors while no request does. */
  guardErrors(): void {
    if (this.#isGuarded) return
    this.#isGuarded = true
    this.socket.on('error', this.#onError)
  }

  /** Ends all listening: the socket leaves the pool alive. */
  letGo(): void {
    const { socket } = this
    const { onFree, onRemove, onTimeout } = this.#listener
    socket.off('free', onFree)
    socket.off('agentRemove', onRemove)
    socket.off('timeout', onTimeout)
    socket.off('close', this.#onClose)
  }

  close(): void {
    this.endWatch()
    this.socket.destroy()
  }

  /** Hands the socket over to a request, which may be while it is still connecting. */
  handTo(request: AgentRequest): void {
    const { socket } = this
    this.endWatch()
    request.onSocket(socket)
    if (!this.#isGuarded) return
    // Before Node 24 a request listens to errors only from the next tick on.
    if (socket.listenerCount('error') > 1) this.#endGuard()
    else request.prependOnceListener('socket', this.#endGuard)
  }

  /**
   * Hands a socket over that has just been opened. Whoever meets a new socket waits for it to
   * connect, and must not wait in vain because it has done so already.
   */
  handFreshTo(request: AgentRequest): void {
    this.handTo(request)
    if (this.#readyEvent !== undefined) replayConnectEvents(this.socket, request)
  }

  readonly #endGuard = (): void => {
    this.#isGuarded = false
    this.socket.off('error', this.#onError)
  }

  readonly #onBytes = (bytes: Uint8Array): void => {
    if (!isEmptyLine(bytes)) this.#listener.onLost('stray_data')
  }

  readonly #onEnd = (): void => {
    const { errored } = this.socket
    if (errored) this.#listener.onLost(isReset(errored) ? 'peer_reset' : 'error')
    else this.#listener.onLost('peer_fin')
  }

  readonly #onError = (error: Error): void => {
    this.#error ??= error
    if (this.isWatched) this.#listener.onLost(isReset(error) ? 'peer_reset' : 'error')
  }

  readonly #onClose = (): void => {
    this.endWatch()
    this.#listener.onClose(this.#error ?? this.socket.errored ?? undefined)
  }
}
