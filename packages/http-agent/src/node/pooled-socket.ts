import type { CloseReason, Connection, Destination, SocketObservation } from '@holdfast/core'
import type { SocketCarrier } from '../driver/socket-carrier.ts'
import { isEmptyLine } from '../driver/stray-bytes.ts'
import {
  type AgentRequest,
  type AgentSocket,
  divertReads,
  type IdleReader,
  interceptClose,
  leaveAsyncContext,
  replayConnectEvents,
  restoreReads,
} from './node-internals.ts'
import type { RequestLease } from './request-lease.ts'

/** What sockets tell the pool that they are in; one listener serves them all. */
export interface SocketListener {
  /** The socket is connected, and its TLS handshake is done. */
  readonly onOpen: (pooled: PooledSocket) => void
  /** A request gives the socket back. */
  readonly onFree: (pooled: PooledSocket) => void
  /** The response is complete after which the socket takes no further request. */
  readonly onServed: (pooled: PooledSocket) => void
  /** A request keeps the socket for good (upgrade, CONNECT). */
  readonly onRemove: (pooled: PooledSocket) => void
  /** While no request uses the socket, something came that ends its use. */
  readonly onLost: (pooled: PooledSocket, reason: CloseReason) => void
  /** Nothing came for as long as the time-out set on the socket. */
  readonly onTimeout: (pooled: PooledSocket) => void
  readonly onClose: (pooled: PooledSocket, error: Error | undefined) => void
}

export type SocketConnection = Connection<PooledSocket, RequestLease>

const isReset = (error: Error): boolean => 'code' in error && error.code === 'ECONNRESET'

const POOLED = Symbol('pooled socket')

type Carrier = AgentSocket & { [POOLED]: PooledSocket }

// One function an event for all sockets: closures of their own would weigh more than the rest.
function onReady(this: Carrier): void {
  const pooled = this[POOLED]
  pooled.listener.onOpen(pooled)
}

function onFree(this: Carrier): void {
  const pooled = this[POOLED]
  pooled.listener.onFree(pooled)
}

function onServed(this: Carrier): void {
  const pooled = this[POOLED]
  pooled.listener.onServed(pooled)
}

function onRemove(this: Carrier): void {
  const pooled = this[POOLED]
  pooled.listener.onRemove(pooled)
}

function onTimeout(this: Carrier): void {
  const pooled = this[POOLED]
  pooled.listener.onTimeout(pooled)
}

function onError(this: Carrier, error: Error): void {
  this[POOLED].fail(error)
}

function onClose(this: Carrier): void {
  const pooled = this[POOLED]
  pooled.endWatch()
  pooled.listener.onClose(pooled, pooled.error ?? this.errored ?? undefined)
}

function onData(this: Carrier, bytes: Uint8Array): void {
  this[POOLED].onBytes(bytes)
}

function onEnd(this: Carrier): void {
  this[POOLED].onEnd()
}

/**
 * A socket in the pool. It listens to what Node's agent listens to, no more and no less, because
 * libraries count listeners: four events for life, errors while no request does. While the socket
 * is idle, bytes are no response, and would be taken for the next one's (RFC 9112 §9.2).
 */
export class PooledSocket implements IdleReader, SocketCarrier {
  readonly socket: AgentSocket
  readonly connection: SocketConnection
  /** What the socket was made with. */
  readonly options: object
  readonly listener: SocketListener
  /** The first error of the socket that no request has heard of. */
  error: Error | undefined = undefined
  /** Whether its last response is complete. */
  isServed = false
  destination: Destination | undefined = undefined
  ending: SocketObservation | undefined = undefined
  /** Node's own reader, while another one stands in for it. */
  onread: IdleReader['onread'] = undefined
  readonly #readyEvent: 'connect' | 'secureConnect' | undefined
  #isWatched = false
  #isGuarded = true

  constructor(
    socket: AgentSocket,
    connection: SocketConnection,
    options: object,
    listener: SocketListener,
  ) {
    this.socket = socket
    this.connection = connection
    this.options = options
    this.listener = listener
    ;(socket as Carrier)[POOLED] = this
    if (socket.secureConnecting === true) this.#readyEvent = 'secureConnect'
    else this.#readyEvent = socket.connecting || socket.destroyed ? 'connect' : undefined
    interceptClose(socket, onServed)
    socket.on('free', onFree)
    socket.on('agentRemove', onRemove)
    socket.on('timeout', onTimeout)
    socket.on('close', onClose)
    socket.on('error', onError)
    if (this.#readyEvent !== undefined) socket.once(this.#readyEvent, onReady)
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
      this.listener.onLost(this, 'stray_data')
      return
    }
    leaveAsyncContext(socket)
    this.guardErrors()
    this.#isWatched = true
    if (divertReads(socket, this)) return
    // A stream that is no socket of Node's shows nothing but its events.
    socket.on('data', onData)
    socket.on('end', onEnd)
  }

  endWatch(): void {
    if (!this.#isWatched) return
    const { socket } = this
    this.#isWatched = false
    if (restoreReads(socket, this)) return
    socket.off('data', onData)
    socket.off('end', onEnd)
  }

  /** Listens to errors while no request does. */
  guardErrors(): void {
    if (this.#isGuarded) return
    this.#isGuarded = true
    this.socket.on('error', onError)
  }

  /** Ends all listening: the socket leaves the pool alive. */
  letGo(): void {
    const { socket } = this
    socket.off('free', onFree)
    socket.off('agentRemove', onRemove)
    socket.off('timeout', onTimeout)
    socket.off('close', onClose)
  }

  silence(): AgentSocket {
    this.endWatch()
    return this.socket
  }

  /** Hands the socket over to a request, which may be while it is still connecting. */
  handTo(request: AgentRequest): void {
    const { socket } = this
    this.endWatch()
    request.onSocket(socket)
    if (!this.#isGuarded) return
    // Before Node 24 a request listens to errors only from the next tick on.
    if (socket.listenerCount('error') > 1) this.#endGuard()
    else request.prependOnceListener('socket', () => this.#endGuard())
  }

  /**
   * Hands a socket over that has just been opened. Whoever meets a new socket waits for it to
   * connect, and must not wait in vain because it has done so already.
   */
  handFreshTo(request: AgentRequest): void {
    this.handTo(request)
    if (this.#readyEvent !== undefined) replayConnectEvents(this.socket, request)
  }

  /** Bytes came that nobody asked for. */
  onBytes(bytes: Uint8Array): void {
    if (!isEmptyLine(bytes)) this.listener.onLost(this, 'stray_data')
  }

  /** The stream is at its end, or has failed. */
  onEnd(): void {
    const { errored } = this.socket
    if (errored) this.fail(errored)
    else this.listener.onLost(this, 'peer_fin')
  }

  /** The socket failed while no request listened to it. */
  fail(error: Error): void {
    this.error ??= error
    if (this.#isWatched) this.listener.onLost(this, isReset(error) ? 'peer_reset' : 'error')
  }

  #endGuard(): void {
    this.#isGuarded = false
    this.socket.off('error', onError)
  }
}
