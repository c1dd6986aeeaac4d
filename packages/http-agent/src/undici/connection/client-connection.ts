import type { Socket } from 'node:net'
import type { CloseReason, Connection } from '@holdfast/core'
import type { Destination, SocketObservation } from '@holdfast/core/tcp'
import type { Client, Dispatcher } from 'undici'
import { ignore } from '../../driver/ignore.ts'
import { reasonOfStray } from '../../driver/liveness/stray-bytes.ts'
import type { SocketCarrier } from '../../driver/socket-carrier.ts'
import { isLastResponseEnd } from '../peer/undici-internals.ts'
import type { DispatchedRequest } from '../request/dispatched-request.ts'
import type { ClientTarget } from './client-target.ts'
import { type ReadWatcher, readAsUsual, readDirectly } from './direct-read.ts'

/** Callbacks for the events of connections. One listener serves all connections of a pool. */
export interface ConnectionListener {
  /** The last response is complete: the client wants its socket closed. */
  readonly onServed: (carrier: ClientConnection) => void
  /** The socket is about to close: its peer has closed it, or the client gave it up. */
  readonly onDying: (carrier: ClientConnection, error: Error | undefined) => void
  readonly onClose: (carrier: ClientConnection) => void
  /** The socket is about to be destroyed. */
  readonly onDestroy: (carrier: ClientConnection) => void
}

export type PoolConnection = Connection<ClientConnection, DispatchedRequest>

type Destroy = Socket['destroy']

const CARRIER = Symbol('client connection')

type Carrier = Socket & { [CARRIER]: ClientConnection }

/** The error by which requests are taken back from their client before they are sent. */
export const WITHDRAWN: Error = new Error('the request goes to another connection')

// One function per event for all sockets: closures per socket would need more memory than the rest.
function destroySocket(this: Carrier, error?: Error): Carrier {
  const carrier = this[CARRIER]
  if (isLastResponseEnd(error) && carrier.mayLinger) {
    carrier.listener.onServed(carrier)
    return this
  }
  const wasDestroyed = this.destroyed
  if (!wasDestroyed) carrier.listener.onDestroy(carrier)
  carrier.destroy.call(this, error)
  if (!wasDestroyed) carrier.listener.onDying(carrier, error)
  return this
}

function onClose(this: Carrier): void {
  const carrier = this[CARRIER]
  carrier.listener.onClose(carrier)
}

function onReadable(this: Carrier): void {
  this.read()
}

function onEnd(this: Carrier): void {
  this.destroy()
}

function onPeerEnd(this: Carrier): void {
  this[CARRIER].request?.peerEnded()
}

function onError(this: Carrier, error: Error): void {
  this[CARRIER].error ??= error
}

/**
 * One connection: a socket, and the undici `Client` that speaks HTTP on it. The client never makes
 * a connection by itself; it gets the socket with its first request, and ends with it.
 */
export class ClientConnection implements SocketCarrier, ReadWatcher {
  readonly connection: PoolConnection
  readonly listener: ConnectionListener
  /** The target that it was dialled for: the origin, and the server name for TLS. */
  readonly target: ClientTarget
  socket: Socket | undefined = undefined
  client: Client | undefined = undefined
  /** The request that the client has, sent or not. */
  request: DispatchedRequest | undefined = undefined
  /** Whether the client is being given the socket at this moment. */
  isBeingGiven = false
  /** Bytes of earlier requests, of all that were written to the socket. */
  bytesBefore = 0
  /** Number of turns of the event loop until the client gets its request. */
  turnsToWait = 0
  /** Whether the last request was sent in full, so that its response cannot have come early. */
  mayLinger = true
  /** Whether its last response is complete. */
  isServed = false
  readonly mayHoldMore = false
  readonly keepsBack = 'always'
  idleTurn = 0
  destination: Destination | undefined = undefined
  ending: SocketObservation | undefined = undefined
  /** The error that ended the connection, if any. */
  error: Error | undefined = undefined
  closeReason: CloseReason | undefined = undefined
  /** The socket's own `destroy`, which is replaced meanwhile. */
  destroy: Destroy = ignore as never
  #isWatched = false
  /** Bytes of empty lines that came since the last request. */
  #emptyBytes = 0

  constructor(connection: PoolConnection, listener: ConnectionListener, target: ClientTarget) {
    this.connection = connection
    this.listener = listener
    this.target = target
  }

  /** Whether a request is being sent, or answered. */
  get isInProgress(): boolean {
    return this.request?.isUnderWay === true
  }

  /** Whether the pool has asked to close it, and it is not closed yet. */
  get isClosing(): boolean {
    return this.connection.isClosing
  }

  /** Takes the socket over, which may still be connecting. */
  adopt(socket: Socket): void {
    if (this.socket === socket) return
    this.socket = socket
    this.destroy = socket.destroy
    ;(socket as Carrier)[CARRIER] = this
    socket.destroy = destroySocket as Destroy
    readDirectly(socket, this)
    socket.on('close', onClose)
    // Before the client hears of it.
    socket.on('end', onPeerEnd)
    socket.on('error', onError)
  }

  /** Gives the request to the client. */
  dispatch(request: DispatchedRequest): void {
    this.#endWatch()
    this.#emptyBytes = 0
    this.request = request
    request.carrier = this
    this.bytesBefore = (this.socket as Socket).bytesWritten
    const options = request.optionsFor(this.connection.stateName === 'draining')
    ;(this.client as Client).dispatch(options, request as unknown as Dispatcher.DispatchHandler)
  }

  /**
   * Watches over a socket that no client has used yet, or will use again; in between the client
   * reads it.
   */
  watch(): void {
    const socket = this.socket as Socket
    this.#isWatched = true
    socket.unref()
    socket.on('readable', onReadable)
    socket.on('end', onEnd)
  }

  /** Takes the request back from its client, by an error unless it has failed already. */
  takeBack(request: DispatchedRequest): void {
    this.request = undefined
    request.rewind()
    if (!request.isLeaving) this.client?.destroy(WITHDRAWN, ignore)
  }

  /** Removes everything from a socket that lives on with the request that keeps it. */
  letGo(): void {
    const socket = this.socket as Socket
    socket.destroy = this.destroy
    readAsUsual(socket)
    socket.off('close', onClose)
    socket.off('end', onPeerEnd)
    socket.off('error', onError)
  }

  close(): void {
    this.socket?.destroy()
  }

  /** Removes all readers from the socket, so that further bytes are dropped. */
  silence(): Socket {
    const socket = this.socket as Socket
    socket.removeAllListeners('readable')
    return socket
  }

  /**
   * Checks bytes before they are read. Without a request they are no response. Returns whether they
   * go to the reader.
   */
  takes(bytes: Uint8Array): boolean {
    if (this.request !== undefined || this.connection.stateName === 'closing') return true
    const reason = reasonOfStray(bytes, this.#emptyBytes)
    this.#emptyBytes += bytes.length
    if (reason === undefined) return true
    this.closeReason = reason
    this.close()
    return false
  }

  linger(): void {
    this.silence()
    this.watch()
  }

  #endWatch(): void {
    if (!this.#isWatched) return
    const socket = this.socket as Socket
    this.#isWatched = false
    socket.off('readable', onReadable)
    socket.off('end', onEnd)
    socket.ref()
  }
}
