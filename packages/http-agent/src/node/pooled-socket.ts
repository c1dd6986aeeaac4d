import type { CloseReason, Connection } from '@holdfast/core'
import type { Destination, SocketObservation } from '@holdfast/core/tcp'
import { isReset } from '../driver/closing/is-reset.ts'
import { reasonOfStray } from '../driver/liveness/stray-bytes.ts'
import type { SocketCarrier } from '../driver/socket-carrier.ts'
import type { AgentSocket } from './internals/agent-socket.ts'
import { leaveAsyncContext } from './internals/async-context.ts'
import { replayConnectEvents } from './internals/connect-events.ts'
import { interceptClose } from './internals/socket-close.ts'
import {
  bytesHandedOver,
  encryptedBytesRead,
  interceptReads,
  restoreReads,
  resumeReads,
  type SocketReader,
} from './internals/socket-reads.ts'
import { interceptWrites, restoreWrites, type WriteWatcher } from './internals/socket-writes.ts'
import type { RequestLease } from './request/request-lease.ts'
import { SentWrites } from './request/sent-writes.ts'

/** Receives the events of all sockets of a pool. */
export interface SocketListener {
  /** The socket is connected, and its TLS handshake is done. */
  readonly onOpen: (pooled: PooledSocket) => void
  /** A request gives the socket back. */
  readonly onFree: (pooled: PooledSocket) => void
  /** The last response is complete: the socket takes no further request. */
  readonly onServed: (pooled: PooledSocket) => void
  /** A request keeps the socket for good (upgrade, CONNECT). */
  readonly onRemove: (pooled: PooledSocket) => void
  /** The socket can serve no further request, while none uses it. */
  readonly onLost: (pooled: PooledSocket, reason: CloseReason) => void
  /** The time-out that is set on the socket has passed without a byte. */
  readonly onTimeout: (pooled: PooledSocket) => void
  readonly onClose: (pooled: PooledSocket, error: Error | undefined) => void
  /** The first byte of the response to the request has come. */
  readonly onAnswer: (lease: RequestLease) => void
  /** Whether the policy lets the request be sent again although it may have arrived. */
  readonly mayResend: (lease: RequestLease) => boolean
  /**
   * A write of the request that uses the socket has failed.
   *
   * @returns Whether the request goes on without hearing of it.
   */
  readonly onWriteError: (pooled: PooledSocket, error: Error) => boolean
  /** The stream is at its end, before the request that uses it hears of it. */
  readonly onRequestEnd: (pooled: PooledSocket) => void
  /** Bytes came that cannot be the response of the request that uses the socket. */
  readonly onPlanted: (pooled: PooledSocket) => void
  /**
   * The socket is being destroyed, before the request that uses it hears of it.
   *
   * @returns Whether the error is to be dropped.
   */
  readonly onDestroy: (pooled: PooledSocket, error: Error | undefined) => boolean
}

export type SocketConnection = Connection<PooledSocket, RequestLease>

const POOLED = Symbol('pooled socket')

type Carrier = AgentSocket & { [POOLED]: PooledSocket }

/** Whether the socket is in a pool of Holdfast. */
export const isPooled = (socket: AgentSocket): boolean => {
  const pooled = (socket as Partial<Carrier>)[POOLED]
  return pooled !== undefined && pooled.connection.stateName !== 'closed'
}

/** The most bytes that libuv reads at a time; after a read of this length it reads again at once. */
const READ_BUFFER_LENGTH = 65_536

// One function per event for all sockets: closures per socket would need more memory than the rest.
function onReady(this: Carrier): void {
  const pooled = this[POOLED]
  pooled.ready()
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
 * A socket in the pool. It listens to the same events as Node's agent, because libraries count
 * listeners: four events always, errors while no request listens. Bytes on an idle socket are no
 * response, and would count as the next one (RFC 9112 §9.2).
 */
export class PooledSocket implements SocketReader, SocketCarrier, WriteWatcher {
  readonly socket: AgentSocket
  readonly connection: SocketConnection
  /** The options that the socket was made with. */
  readonly options: object
  readonly listener: SocketListener
  /** The first error of the socket that no request has received. */
  error: Error | undefined = undefined
  /** Whether its last response is complete. */
  isServed = false
  mayHoldMore = false
  idleTurn = 0
  destination: Destination | undefined = undefined
  ending: SocketObservation | undefined = undefined
  /** The request that uses the socket. */
  lease: RequestLease | undefined = undefined
  /** The writes of that request, as long as they may be written again. */
  sent: SentWrites | undefined = undefined
  isAnswered = false
  isKeptBack = false
  /** Whether its error already states the true cause. */
  isFailureKnown = false
  /** Bytes of earlier requests, of all that were written to the socket. */
  bytesBefore = 0
  nodesReader: SocketReader['nodesReader'] = undefined
  /** The reason of its end, where the request does not show it. */
  closeReason: CloseReason | undefined = undefined
  readonly #readyEvent: 'connect' | 'secureConnect' | undefined
  /** The log of writes, from the second request of the socket on. */
  #writes: SentWrites | undefined = undefined
  #isWatched = false
  #isGuarded = true
  /** Bytes of earlier responses, of all that were read from the socket. */
  #readBefore = 0
  /** Bytes that TLS had read when the socket was handed to its request. */
  #encryptedBefore: number | undefined = undefined
  /** Bytes of empty lines that came since the watch began. */
  #emptyBytes = 0

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
    interceptWrites(socket, this)
    if (this.#readyEvent === undefined) this.intercept()
    else socket.on(this.#readyEvent, onReady)
  }

  /** Reports that the socket is connected. */
  ready(): void {
    // Not by `once`, which makes three objects, for each socket of a burst of dials.
    if (this.#readyEvent !== undefined) this.socket.off(this.#readyEvent, onReady)
    this.intercept()
  }

  /** Starts to observe reads, once the socket is connected. */
  intercept(): void {
    interceptReads(this.socket, this)
  }

  /** Whether the stream is a socket of Node's, whose reads and writes can be observed. */
  get isIntercepted(): boolean {
    return this.nodesReader !== undefined
  }

  /** Whether the socket can be used already; `onOpen` is not called then. */
  get isOpen(): boolean {
    return this.#readyEvent === undefined
  }

  /** Whether the pool listens to the socket, and no request does. */
  get isWatched(): boolean {
    return this.#isWatched
  }

  get isUnasked(): boolean {
    return this.#isWatched || this.isKeptBack
  }

  get keepsBack(): SocketCarrier['keepsBack'] {
    // What TLS writes from the end of a turn is reported only after the next reads: a request would hear
    // that it is written when its response has ended.
    return this.isIntercepted && !('encrypted' in this.socket) ? 'asked' : 'never'
  }

  /** Keeps back the writes of the request that is about to get the socket. */
  keepBack(): void {
    this.isKeptBack = true
    this.socket.cork()
  }

  /** Writes what was kept back. */
  letWrite(): void {
    if (!this.isKeptBack) return
    this.isKeptBack = false
    this.sent?.letGo()
    this.socket.uncork()
  }

  /** Begins the watch over an idle socket. Bytes that the stream has read already are stray ones. */
  watch(): void {
    const { socket } = this
    this.endWatch()
    if (socket.readableLength > 0) {
      this.listener.onLost(this, 'stray_data')
      return
    }
    leaveAsyncContext(socket)
    this.endLease()
    this.guardErrors()
    this.#isWatched = true
    this.#emptyBytes = 0
    if (this.isIntercepted) {
      resumeReads(socket)
      return
    }
    // A stream that is no socket of Node's shows only its events.
    socket.on('data', onData)
    socket.on('end', onEnd)
  }

  linger(): void {
    this.watch()
    this.socket.resume()
  }

  endWatch(): void {
    if (!this.#isWatched) return
    const { socket } = this
    this.#isWatched = false
    if (this.isIntercepted) return
    socket.off('data', onData)
    socket.off('end', onEnd)
  }

  /** Listens to errors while no request does. */
  guardErrors(): void {
    if (this.#isGuarded) return
    this.#isGuarded = true
    this.socket.on('error', onError)
  }

  /** Removes all listeners: the socket leaves the pool alive. */
  letGo(): void {
    const { socket } = this
    socket.off('free', onFree)
    socket.off('agentRemove', onRemove)
    socket.off('timeout', onTimeout)
    socket.off('close', onClose)
    restoreReads(socket, this)
    restoreWrites(socket)
  }

  silence(): AgentSocket {
    this.endWatch()
    return this.socket
  }

  /** Hands the socket over to a request, which may be while it is still connecting. */
  handTo(lease: RequestLease): void {
    const { socket } = this
    const { request } = lease
    this.endWatch()
    this.lease = lease
    this.isAnswered = false
    if (this.connection.isDated) this.#encryptedBefore = encryptedBytesRead(socket)
    request.onSocket(socket)
    if (!this.#isGuarded) return
    // Before Node 24 a request listens to errors only from the next tick on.
    if (socket.listenerCount('error') > 1) this.#endGuard()
    else request.prependOnceListener('socket', () => this.#endGuard())
  }

  /**
   * Hands over a socket that has just opened. Clients wait for a new socket to connect, although it may have
   * done so already.
   */
  handFreshTo(lease: RequestLease): void {
    this.handTo(lease)
    if (this.#readyEvent !== undefined) replayConnectEvents(this.socket, lease.request)
  }

  /** Ends the use of the socket by its request. */
  endLease(): void {
    this.lease = undefined
    this.isKeptBack = false
    this.#forgetWrites()
  }

  rememberer(): SentWrites | undefined {
    const { lease, connection } = this
    if (lease === undefined || this.isAnswered || !connection.isDated) return undefined
    if (this.sent === undefined) {
      this.bytesBefore = bytesHandedOver(this.socket)
      if (this.#writes?.isReusable !== true) this.#writes = new SentWrites(this)
      const mayResend = this.listener.mayResend(lease)
      this.sent = this.#writes.begin(lease.request.finished, mayResend, this.isKeptBack)
    }
    return this.sent
  }

  /**
   * Handles a failed write of the request. Returns whether the request goes on without hearing of
   * it.
   */
  save(error: Error): boolean {
    return this.listener.onWriteError(this, error)
  }

  onAnswer(): boolean {
    if (this.#encryptedBefore !== undefined && this.#isPlanted) {
      this.listener.onPlanted(this)
      return false
    }
    this.isAnswered = true
    this.#forgetWrites()
    if (this.lease !== undefined) this.listener.onAnswer(this.lease)
    return true
  }

  /** Records that the response is complete. */
  onServed(): void {
    const { bytesRead } = this.socket
    this.mayHoldMore = bytesRead - this.#readBefore >= READ_BUFFER_LENGTH
    this.#readBefore = bytesRead
  }

  /** Whether the received bytes were read before the request was sent. */
  get #isPlanted(): boolean {
    return encryptedBytesRead(this.socket) === this.#encryptedBefore
  }

  onRequestEnd(): void {
    this.listener.onRequestEnd(this)
  }

  onDestroy(error: Error | undefined): boolean {
    // Node's own listener goes a tick before the request gives the socket back.
    if (error !== undefined && this.socket.listenerCount('error') === 0) this.guardErrors()
    return this.listener.onDestroy(this, error)
  }

  /** Handles bytes that came while no request uses the socket. */
  onBytes(bytes: Uint8Array): void {
    const reason = reasonOfStray(bytes, this.#emptyBytes)
    if (reason === undefined) {
      this.#emptyBytes += bytes.length
    } else {
      this.listener.onLost(this, reason)
    }
  }

  /** Handles the end of the stream, or its failure. */
  onEnd(): void {
    const { errored } = this.socket
    if (errored) {
      this.fail(errored)
    } else {
      this.listener.onLost(this, 'peer_fin')
    }
  }

  /** Handles an error of the socket while no request listens to it. */
  fail(error: Error): void {
    this.error ??= error
    if (this.#isWatched) this.listener.onLost(this, isReset(error) ? 'peer_reset' : 'error')
  }

  #forgetWrites(): void {
    this.sent?.forget()
    this.sent = undefined
  }

  #endGuard(): void {
    this.#isGuarded = false
    this.socket.off('error', onError)
  }
}
