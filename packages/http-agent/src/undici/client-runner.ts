import type { IncomingHttpHeaders } from 'node:http'
import type { Socket } from 'node:net'
import {
  type Caps,
  type CloseReason,
  failureOf,
  type Loss,
  type RequestRegistry,
  type ResolvedPolicy,
  type Scheduling,
  unsentFailure,
} from '@holdfast/core'
import type { LookupFor } from '../driver/addresses/named-dial.ts'
import { monotonicNowMs } from '../driver/clock.ts'
import { describeFailure } from '../driver/describe-failure.ts'
import { ignore } from '../driver/ignore.ts'
import { KeepAliveHints } from '../driver/keep-alive-hints.ts'
import type { KeepAliveSettings } from '../driver/liveness/tcp-keep-alive.ts'
import { PoolRuntime } from '../driver/pool-runtime.ts'
import { realTime } from '../driver/real-time.ts'
import {
  ClientConnection,
  type ConnectionListener,
  type PoolConnection,
  WITHDRAWN,
} from './connection/client-connection.ts'
import { ClientDialer, type ClientDialerOptions } from './connection/client-dialer.ts'
import type { ClientTarget } from './connection/client-target.ts'
import { ClientTargets } from './connection/client-targets.ts'
import { closeReasonOf, isConnectionLoss } from './connection/connection-loss.ts'
import { isSocketRefused } from './peer/undici-internals.ts'
import { awaitsPeer } from './request/awaits-peer.ts'
import { Backlog } from './request/backlog.ts'
import type { DispatchedRequest, RequestKeeper } from './request/dispatched-request.ts'
import { HandOver } from './request/hand-over.ts'
import { RequestCheck } from './request/request-check.ts'
import { unreadResponseOf } from './request/unread-response.ts'

/** Options of {@link ClientRunner}. */
export interface ClientRunnerOptions extends Omit<ClientDialerOptions, 'connect'> {
  /** Makes the connector. Where the pool looks names up, its sockets do so by `lookupFor`. */
  readonly connectorWith: (lookupFor: LookupFor | undefined) => ClientDialerOptions['connect']
  /** The dispatcher, which messages on the diagnostics channels carry. */
  readonly source: object
  readonly policy: ResolvedPolicy
  readonly caps: Caps
  readonly scheduling: Scheduling
  readonly tcpKeepAlive: KeepAliveSettings | undefined
  readonly events: ClientRunnerEvents
}

/** Callbacks for the events of a dispatcher. */
export interface ClientRunnerEvents {
  readonly onConnect: (origin: string) => void
  readonly onDisconnect: (origin: string, error: Error) => void
  readonly onConnectionError: (origin: string, error: Error) => void
  /** No request waits for a place any more. */
  readonly onDrain: (origin: string) => void
}

/** Runs the pool's decisions on undici's clients, and reports to the pool what happens to them. */
export class ClientRunner implements RequestKeeper {
  readonly runtime: PoolRuntime<ClientConnection, DispatchedRequest>
  readonly requests: RequestRegistry<DispatchedRequest>
  readonly parseHeaders: (headers: Buffer[]) => IncomingHttpHeaders
  readonly createAbortError: () => Error
  readonly check: RequestKeeper['check']
  readonly targets: ClientTargets
  readonly #createSocketError: () => Error
  readonly #createClosedError: (reason: string) => Error
  readonly #events: ClientRunnerEvents
  readonly #dialer: ClientDialer
  readonly #backlog: Backlog
  readonly #listener: ConnectionListener = {
    onServed: (carrier) => this.#served(carrier),
    onDying: (carrier, error) => this.#dying(carrier, error),
    onClose: (carrier) => this.#closed(carrier),
    onDestroy: ({ connection }) => this.runtime.dying(connection),
  }
  readonly #hints: KeepAliveHints = new KeepAliveHints()
  readonly #handOver: HandOver = new HandOver(({ connection }) => this.#giveBack(connection))
  /** The error of requests that were in progress when the dispatcher was destroyed. */
  #destroyError: Error | undefined

  constructor(options: ClientRunnerOptions) {
    const { undici, policy, caps, scheduling, source, tcpKeepAlive } = options
    this.#events = options.events
    this.#backlog = new Backlog((target) => this.#events.onDrain(target.origin))
    this.parseHeaders = undici.util.parseHeaders as (headers: Buffer[]) => IncomingHttpHeaders
    this.createAbortError = () => new undici.errors.RequestAbortedError()
    const requestCheck = new RequestCheck(undici)
    this.check = (asked) => requestCheck.check(asked)
    this.#createSocketError = () => new undici.errors.SocketError('closed')
    this.#createClosedError = (reason) => new undici.errors.InformationalError(reason)
    this.runtime = new PoolRuntime({
      source,
      policy,
      caps,
      scheduling,
      effects: {
        dial: (connection) => this.#dial(connection),
        close: (connection, reason, error) => this.#close(connection, reason, error),
        grant: (request, connection) => this.#grant(request, connection),
        takeBack: (request, connection) => this.#takeBack(request, connection),
        reject: (request, error) =>
          request.proceed(() => request.fail(this.#destroyError ?? error)),
      },
      serverOf: (target) => (target as ClientTarget).server,
      unreadOf: unreadResponseOf,
      awaitsPeer,
      tcpKeepAlive: () => tcpKeepAlive,
    })
    const connect = options.connectorWith(this.runtime.names?.lookupFor)
    this.#dialer = new ClientDialer(
      { ...options, connect },
      {
        onOpen: (carrier) => this.#opened(carrier),
        onDialFailed: (carrier, error) => this.#dialFailed(carrier, error),
      },
    )
    const { origins, requests } = this.runtime.pool
    this.requests = requests
    this.targets = new ClientTargets(
      undici,
      options.socketPath,
      (key) => origins.get(key)?.target as ClientTarget | undefined,
    )
  }

  /**
   * Asks for a connection.
   *
   * @returns `false` where the request waits for a place under the caps, or has failed already.
   */
  lease(request: DispatchedRequest): boolean {
    // Nothing is dialled for a request that is malformed, or aborted already.
    if (!(this.#hasIdle(request) || request.prepare())) return request.aborted
    this.runtime.lease(request)
    if (request.waiter === undefined) return !isEndedUnserved(request)
    const isQueued = this.#backlog.letWait(request)
    if (isQueued) this.#backlog.awaitDrain()
    return !isQueued
  }

  cancel(request: DispatchedRequest): void {
    this.runtime.cancel(request)
  }

  answered(request: DispatchedRequest): void {
    this.runtime.answered(request)
  }

  aborted(request: DispatchedRequest): void {
    this.runtime.aborted(request)
  }

  ended(request: DispatchedRequest): void {
    this.runtime.ended(request)
  }

  proceeded(request: DispatchedRequest): void {
    this.#backlog.leave(request)
  }

  /** Records that the response is complete, although its client still has the socket. */
  completed(request: DispatchedRequest): void {
    const carrier = request.carrier as ClientConnection
    const { connection } = carrier
    carrier.request = undefined
    request.carrier = undefined
    carrier.mayLinger = request.isComplete
    if (request.keepAlive !== undefined) connection.applyHint(this.#hints.read(request.keepAlive))
    if (this.#outlives(carrier, request)) {
      this.runtime.release(connection, undefined)
    } else {
      this.#settle(carrier, request.hasDoubtfulEnd ? 'response_close' : undefined)
    }
  }

  upgraded(request: DispatchedRequest): void {
    const carrier = request.carrier as ClientConnection
    carrier.request = undefined
    request.carrier = undefined
    carrier.letGo()
    this.runtime.detach(carrier.connection)
  }

  failed(request: DispatchedRequest, error: Error): void {
    if (error === WITHDRAWN) return
    if (request.isLeaving) {
      request.isLeaving = false
      return
    }
    const carrier = request.carrier as ClientConnection | undefined
    if (carrier === undefined) {
      request.fail(error)
      return
    }
    const { connection } = carrier
    const isRefused = !request.isUnderWay
    if (request.aborted && !request.state.isEnd) this.runtime.aborted(request)
    this.requests.fail(request)
    carrier.request = undefined
    // Where the client has refused the request, the connection is not at fault.
    if (isRefused) this.#giveBack(connection)
    request.fail(error)
    request.carrier = undefined
  }

  describe(request: DispatchedRequest, error: Error): void {
    const carrier = request.carrier as ClientConnection | undefined
    const failure =
      carrier === undefined
        ? unsentFailure(request.isResent)
        : failureOf({
            request,
            reusedSocket: carrier.connection.isReused,
            bytesWritten: bytesWrittenBy(carrier),
            responseStarted: request.answeredAtMs !== undefined,
            replayed: request.isResent,
          })
    // An error that the caller made, or that several requests share, stays as it is.
    const isShared = request.aborted || 'safeToRetry' in error || error === this.#destroyError
    if (!isShared) describeFailure(error, failure)
    if (request.stateName === 'failed') this.runtime.tellFailure(request, failure)
    else request.failure = failure
  }

  /** Ends all requests and connections. */
  destroy(error: Error): void {
    this.#destroyError = error
    this.runtime.pool.refuseWaiters(monotonicNowMs())
    for (const { connections } of this.runtime.pool.origins.values()) {
      for (const { transport } of connections) {
        // The client of a request reports the error to it.
        if (transport?.request !== undefined) transport.client?.destroy(error, ignore)
      }
    }
    this.runtime.destroy()
  }

  #hasIdle({ target }: DispatchedRequest): boolean {
    const origin = this.runtime.pool.origins.get(target.key)
    return origin !== undefined && origin.idleCount > 0
  }

  #dial(connection: PoolConnection): void {
    const target = connection.origin.target as ClientTarget
    const carrier = new ClientConnection(connection, this.#listener, target)
    connection.transport = carrier
    this.runtime.dial(connection, () => this.#dialer.dial(carrier))
  }

  #dialFailed(carrier: ClientConnection, error: Error): void {
    carrier.socket?.destroy()
    this.#events.onConnectionError(carrier.target.origin, error)
    this.runtime.dialFailed(carrier.connection, error)
  }

  #opened(carrier: ClientConnection): void {
    const { connection, target } = carrier
    this.#events.onConnect(target.origin)
    // A listener may have destroyed the dispatcher.
    if (carrier.isClosing) return
    this.runtime.opened(connection)
    if (connection.stateName === 'idle') carrier.watch()
  }

  #grant(request: DispatchedRequest, connection: PoolConnection): void {
    const carrier = connection.transport as ClientConnection
    request.granted()
    // Nothing can follow on a connection that was dialled for the request.
    if (!connection.isDated) {
      request.proceedTo(carrier)
      return
    }
    const turns = this.#turnsBefore(request, connection)
    request.keepContext()
    if (turns === 0) request.proceedTo(carrier)
    else this.#handOver.begin(request, carrier, turns)
  }

  /**
   * Counts the turns of the event loop that a request waits before the client of a reused
   * connection gets it. undici itself adds one more turn for a used connection.
   */
  #turnsBefore(request: DispatchedRequest, connection: PoolConnection): number {
    const { staleCheck } = this.runtime
    if (!connection.isSure) return 2
    if (!staleCheck.isUnseen(connection)) return 0
    return connection.requestCount === 1 || !request.isReplayable ? 2 : 1
  }

  #close(connection: PoolConnection, reason: CloseReason, error: Error | undefined): void {
    const carrier = connection.transport as ClientConnection
    const isUnused = reason !== 'destroyed' || carrier.request === undefined
    // Its place must not depend on an answer of `connect` that may never come.
    if (carrier.socket === undefined) this.runtime.dialFailed(connection, this.#endOf(connection))
    else if (carrier.client === undefined || error !== undefined) carrier.socket.destroy(error)
    else this.runtime.close(connection, reason, isUnused)
  }

  /** Whether the connection will outlive the response, as far as is known before its end. */
  #outlives({ connection, socket }: ClientConnection, request: DispatchedRequest): boolean {
    const { method, reset } = request.options
    return (
      connection.stateName === 'leased' &&
      request.isComplete &&
      !request.endsConnection &&
      !request.hasDoubtfulEnd &&
      method !== 'HEAD' &&
      reset !== true &&
      !(socket as Socket).readableEnded &&
      !(socket as Socket).destroyed
    )
  }

  /** Gives the connection back once the client has decided whether it keeps the socket. */
  #settle({ connection }: ClientConnection, refusal: CloseReason | undefined): void {
    realTime.queueMicrotask(() => this.#giveBack(connection, refusal))
  }

  /** Gives the connection back to the pool, if it still exists. */
  #giveBack(connection: PoolConnection, refusal?: CloseReason): void {
    const { socket } = connection.transport as ClientConnection
    if (connection.isInUse && !(socket as Socket).destroyed) {
      this.runtime.release(connection, refusal)
    }
  }

  #served(carrier: ClientConnection): void {
    const { connection } = carrier
    carrier.isServed = true
    if (this.#moves(carrier, 'response_close')) return
    if (connection.isInUse) this.runtime.release(connection, 'response_close')
    else if (connection.stateName === 'idle') this.runtime.retire(connection, 'response_close')
    else carrier.silence().destroy()
  }

  #dying(carrier: ClientConnection, error: Error | undefined): void {
    const { connection } = carrier
    carrier.closeReason ??= closeReasonOf(error, carrier.isInProgress)
    carrier.error ??= error
    if (connection.stateName === 'idle' || connection.stateName === 'lingering') {
      this.runtime.retire(connection, carrier.closeReason)
      return
    }
    if (!connection.isInUse) return
    // The client is about to report the error, and another dial would not help.
    if (isSocketRefused(carrier.isBeingGiven, error)) return
    const { request } = carrier
    if (request === undefined || request.isUnderWay) return
    if (this.#moves(carrier, carrier.closeReason)) return
    this.runtime.closed(connection, carrier.closeReason)
    carrier.request = undefined
    request.fail(error ?? this.#createSocketError())
    request.carrier = undefined
    carrier.client?.destroy(WITHDRAWN, ignore)
  }

  /** Retires the connection. Returns whether its unsent request goes elsewhere. */
  #moves(carrier: ClientConnection, reason: CloseReason): boolean {
    const loss = { isUnwritten: true, isRepeatable: false }
    return this.#lose(carrier, loss, reason)
  }

  #lose({ connection, request }: ClientConnection, loss: Loss, reason: CloseReason): boolean {
    if (request === undefined || connection.request !== request) return false
    if (this.runtime.lose(connection, loss, reason) === 'fail') return false
    if (request.waiter !== undefined) this.#backlog.letWait(request)
    return true
  }

  /** Takes the request back from its connection, for another one. */
  #takeBack(request: DispatchedRequest, { transport }: PoolConnection): void {
    const carrier = transport as ClientConnection
    request.keepContext()
    carrier.takeBack(request)
    carrier.silence().destroy()
  }

  #closed(carrier: ClientConnection): void {
    const { connection, target } = carrier
    const { stateName } = connection
    const error = carrier.error ?? this.#endOf(connection)
    if (stateName !== 'closed') {
      const reason = carrier.closeReason ?? 'error'
      if (connection.hasOpened) {
        if (!this.#isSaved(carrier, reason)) this.runtime.closed(connection, reason)
      } else {
        this.runtime.dialFailed(connection, error)
      }
    }
    if (connection.hasOpened) this.#events.onDisconnect(target.origin, error)
  }

  #endOf({ closeReason }: PoolConnection): Error {
    return this.#destroyError ?? this.#createClosedError(closeReason ?? 'closed')
  }

  /**
   * Reports that the connection of a request in progress is gone. Returns whether the request is
   * sent again.
   */
  #isSaved(carrier: ClientConnection, reason: CloseReason): boolean {
    const { error, request } = carrier
    if (request === undefined) return false
    if (request.aborted && !request.state.isEnd) this.runtime.aborted(request)
    if (this.#destroyError !== undefined || !isConnectionLoss(error)) return false
    const loss = { isUnwritten: false, isRepeatable: request.isBodyAtHand }
    // The client is about to report that the request failed, although it may go on.
    request.isLeaving = true
    const isSaved = this.#lose(carrier, loss, reason)
    if (!isSaved) request.isLeaving = false
    return isSaved
  }
}

/** Whether the request got an error, or was given up. */
const isEndedUnserved = ({ state }: DispatchedRequest): boolean =>
  state.isEnd && state.name !== 'done'

/**
 * Counts the bytes of its last request that were handed to the system, even if it has left the
 * connection.
 */
const bytesWrittenBy = ({ bytesBefore, socket }: ClientConnection): number =>
  socket === undefined ? 0 : socket.bytesWritten - bytesBefore
