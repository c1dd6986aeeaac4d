import type { IncomingHttpHeaders } from 'node:http'
import type { Socket } from 'node:net'
import {
  type Caps,
  type CloseReason,
  type KeepAliveHint,
  parseKeepAliveHeader,
  type RequestWaiter,
  type ResolvedPolicy,
  type Scheduling,
} from '@holdfast/core'
import { monotonicNowMs } from '../driver/clock.ts'
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
import { closeReasonOf } from './connection/connection-loss.ts'
import { isSocketRefused } from './peer/undici-internals.ts'
import { awaitsPeer } from './request/awaits-peer.ts'
import { Backlog } from './request/backlog.ts'
import type { DispatchedRequest, RequestKeeper } from './request/dispatched-request.ts'
import { HandOver } from './request/hand-over.ts'
import { isRepeatable, isReplayed } from './request/replay-rule.ts'
import { RequestCheck } from './request/request-check.ts'
import { unreadResponseOf } from './request/unread-response.ts'

/** What the pool of clients is made of. */
export interface ClientPoolOptions extends ClientDialerOptions {
  /** The dispatcher, as messages on the diagnostics channels name it. */
  readonly source: object
  readonly policy: ResolvedPolicy
  readonly caps: Caps
  readonly scheduling: Scheduling
  readonly tcpKeepAlive: KeepAliveSettings | undefined
  readonly events: ClientPoolEvents
}

/** What a dispatcher tells its listeners. */
export interface ClientPoolEvents {
  readonly onConnect: (origin: string) => void
  readonly onDisconnect: (origin: string, error: Error) => void
  readonly onConnectionError: (origin: string, error: Error) => void
  /** No request waits any more for want of a place. */
  readonly onDrain: (origin: string) => void
}

/** How often a request may lose a connection that nobody had used before it. */
const MAX_LOST_DIALS = 1

/** Runs the pool's decisions on undici's clients, and tells it what becomes of them. */
export class ClientPool implements RequestKeeper {
  readonly driver: PoolRuntime<ClientConnection, DispatchedRequest>
  readonly parseHeaders: (headers: Buffer[]) => IncomingHttpHeaders
  readonly createAbortError: () => Error
  readonly check: RequestKeeper['check']
  readonly targets: ClientTargets
  readonly #createSocketError: () => Error
  readonly #createClosedError: (reason: string) => Error
  readonly #events: ClientPoolEvents
  readonly #dialer: ClientDialer
  readonly #backlog: Backlog
  readonly #listener: ConnectionListener = {
    onServed: (carrier) => this.#served(carrier),
    onDying: (carrier, error) => this.#dying(carrier, error),
    onClose: (carrier) => this.#closed(carrier),
    onDestroy: ({ connection }) => this.driver.dying(connection),
  }
  /** The last `Keep-Alive` header and what it says, because a server mostly says the same. */
  #keepAlive: string | undefined
  #hint: KeepAliveHint = { timeoutMs: undefined, maxRequests: undefined }
  readonly #handOver: HandOver = new HandOver(({ connection }) => this.#giveBack(connection))
  /** What requests are told that the dispatcher was destroyed under. */
  #destroyError: Error | undefined

  constructor(options: ClientPoolOptions) {
    const { undici, policy, caps, scheduling, source, tcpKeepAlive } = options
    this.#events = options.events
    this.#backlog = new Backlog((target) => this.#events.onDrain(target.origin))
    this.#dialer = new ClientDialer(options, {
      onOpen: (carrier) => this.#opened(carrier),
      onDialFailed: (carrier, error) => this.#dialFailed(carrier, error),
    })
    this.parseHeaders = undici.util.parseHeaders as (headers: Buffer[]) => IncomingHttpHeaders
    this.createAbortError = () => new undici.errors.RequestAbortedError()
    const requestCheck = new RequestCheck(undici)
    this.check = (asked) => requestCheck.check(asked)
    this.#createSocketError = () => new undici.errors.SocketError('closed')
    this.#createClosedError = (reason) => new undici.errors.InformationalError(reason)
    this.driver = new PoolRuntime({
      source,
      policy,
      caps,
      scheduling,
      effects: {
        dial: (connection) => this.#dial(connection),
        close: (connection, reason, error) => this.#close(connection, reason, error),
        grant: (request, connection) => this.#grant(request, connection),
        reject: (request, error) =>
          request.proceed(() => request.fail(this.#destroyError ?? error)),
      },
      isReplayable: (request) => isRepeatable(request, policy.replay),
      serverOf: (target) => (target as ClientTarget).server,
      unreadOf: unreadResponseOf,
      awaitsPeer,
      tcpKeepAlive: () => tcpKeepAlive,
    })
    const { origins } = this.driver.pool
    this.targets = new ClientTargets(
      undici,
      options.socketPath,
      (key) => origins.get(key)?.target as ClientTarget | undefined,
    )
  }

  /**
   * Asks for a connection.
   *
   * @returns Whether it is not for want of a place that the request has to wait, if it has to.
   */
  lease(request: DispatchedRequest): boolean {
    // A request that is malformed, or aborted already, has nothing dialled for it.
    if (!(this.#hasIdle(request) || request.prepare())) return request.aborted
    const waiter = this.driver.lease(request.target, request)
    if (waiter === undefined || request.phase !== 'asking') {
      if (waiter !== undefined && request.phase === 'done') this.driver.cancel(waiter)
      return request.phase !== 'done'
    }
    // What cannot be sent again takes no connection that another request has used, while its own opens.
    if (waiter.dial !== undefined && !isRepeatable(request, this.driver.policy.replay)) {
      this.driver.pool.claim(waiter.dial)
    }
    const isQueued = this.#backlog.letWait(request, waiter)
    if (isQueued) this.#backlog.awaitDrain()
    return !isQueued
  }

  cancel(request: DispatchedRequest): void {
    const waiter = request.waiter as RequestWaiter<ClientConnection, DispatchedRequest> | undefined
    if (waiter !== undefined) this.driver.cancel(waiter)
  }

  proceeded(request: DispatchedRequest): void {
    this.#backlog.leave(request)
  }

  /** The response is complete, although its client is not done with the socket yet. */
  completed(request: DispatchedRequest): void {
    const carrier = request.carrier as ClientConnection
    const { connection } = carrier
    carrier.request = undefined
    request.carrier = undefined
    carrier.mayLinger = request.isSent
    if (request.keepAlive !== undefined) connection.heed(this.#hintOf(request.keepAlive))
    if (this.#outlives(carrier, request)) {
      this.driver.release(connection, undefined)
    } else {
      this.#settle(carrier, request.hasDoubtfulEnd ? 'response_close' : undefined)
    }
  }

  upgraded(request: DispatchedRequest): void {
    const carrier = request.carrier as ClientConnection
    carrier.request = undefined
    request.carrier = undefined
    carrier.letGo()
    this.driver.detach(carrier.connection)
  }

  failed(request: DispatchedRequest, error: Error): void {
    if (error === WITHDRAWN) return
    if (request.isLeaving) {
      request.isLeaving = false
      return
    }
    const { phase } = request
    const carrier = request.carrier as ClientConnection | undefined
    if (carrier !== undefined) {
      carrier.request = undefined
      request.carrier = undefined
      const { connection } = carrier
      // It is the request that is at fault where its client has refused it.
      if (phase === 'given' || phase === 'done') this.#giveBack(connection)
    }
    request.fail(error)
  }

  /** Ends all requests and connections. */
  destroy(error: Error): void {
    this.#destroyError = error
    this.driver.pool.refuseWaiters(monotonicNowMs())
    for (const { connections } of this.driver.pool.origins.values()) {
      for (const { transport } of connections) {
        // Its client is the one to tell a request why.
        if (transport?.request !== undefined) transport.client?.destroy(error, ignore)
      }
    }
    this.driver.destroy()
  }

  #hasIdle({ target }: DispatchedRequest): boolean {
    const origin = this.driver.pool.origins.get(target.key)
    return origin !== undefined && origin.idleCount > 0
  }

  #dial(connection: PoolConnection): void {
    const target = connection.origin.target as ClientTarget
    const carrier = new ClientConnection(connection, this.#listener, target)
    connection.transport = carrier
    this.#dialer.dial(carrier)
  }

  #dialFailed(carrier: ClientConnection, error: Error): void {
    carrier.socket?.destroy()
    this.#events.onConnectionError(carrier.target.origin, error)
    this.driver.dialFailed(carrier.connection, error)
  }

  #opened(carrier: ClientConnection): void {
    const { connection, target } = carrier
    this.#events.onConnect(target.origin)
    // A listener may have destroyed the dispatcher.
    if (carrier.isClosing) return
    this.driver.opened(connection)
    if (connection.stateName === 'idle') carrier.watch()
  }

  #grant(request: DispatchedRequest, connection: PoolConnection): void {
    const carrier = connection.transport as ClientConnection
    request.granted()
    // A connection that was dialled for the request has nothing behind it.
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
   * How many turns of the loop a request waits before the client gets it that is to reuse the
   * connection. The client of a used connection waits for one more, which is in undici's hands.
   */
  #turnsBefore(request: DispatchedRequest, connection: PoolConnection): number {
    const { staleCheck, policy } = this.driver
    if (!connection.isSure) return 2
    if (!staleCheck.isUnseen(connection)) return 0
    return connection.requestCount === 1 || !isRepeatable(request, policy.replay) ? 2 : 1
  }

  #close(connection: PoolConnection, reason: CloseReason, error: Error | undefined): void {
    const carrier = connection.transport as ClientConnection
    const isUnused = reason !== 'destroyed' || carrier.request === undefined
    // Its place must not depend on an answer of `connect` that may never come.
    if (carrier.socket === undefined) this.driver.dialFailed(connection, this.#endOf(connection))
    else if (carrier.client === undefined || error !== undefined) carrier.socket.destroy(error)
    else this.driver.close(connection, reason, isUnused)
  }

  /** Whether the connection is sure to outlive the response, as far as can be told before its end. */
  #outlives({ connection, socket }: ClientConnection, request: DispatchedRequest): boolean {
    const { method, reset } = request.options
    return (
      connection.stateName === 'leased' &&
      request.isSent &&
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

  /** Nobody needs the connection any more, if it is still there. */
  #giveBack(connection: PoolConnection, refusal?: CloseReason): void {
    const { socket } = connection.transport as ClientConnection
    if (isInUse(connection) && !(socket as Socket).destroyed) {
      this.driver.release(connection, refusal)
    }
  }

  #served(carrier: ClientConnection): void {
    const { connection } = carrier
    carrier.isServed = true
    const next = carrier.withdraw()
    if (next !== undefined) this.#leaseFresh(next)
    if (isInUse(connection)) this.driver.release(connection, 'response_close')
    else if (connection.stateName === 'idle') this.driver.retire(connection, 'response_close')
    else carrier.silence().destroy()
  }

  #dying(carrier: ClientConnection, error: Error | undefined): void {
    const { connection } = carrier
    carrier.closeReason ??= closeReasonOf(error, carrier.isInProgress)
    carrier.error ??= error
    if (connection.stateName === 'idle' || connection.stateName === 'lingering') {
      this.driver.retire(connection, carrier.closeReason)
      return
    }
    if (!isInUse(connection)) return
    // The client is about to say what is wrong, and another dial would not help.
    if (isSocketRefused(carrier.isBeingGiven, error)) return
    const request = carrier.withdraw()
    if (request === undefined) return
    if (connection.isDated || request.lostDialCount++ < MAX_LOST_DIALS) this.#leaseFresh(request)
    else request.fail(error ?? this.#createSocketError())
    this.driver.closed(connection, carrier.closeReason)
  }

  #closed(carrier: ClientConnection): void {
    const { connection, target } = carrier
    const { stateName } = connection
    const error = carrier.error ?? this.#endOf(connection)
    if (stateName !== 'closed') {
      const { request } = carrier
      const { replay } = this.driver.policy
      if (this.#destroyError === undefined && request && isReplayed(request, carrier, replay)) {
        carrier.request = undefined
        request.carrier = undefined
        // The client is about to say so, too.
        request.isLeaving = true
        request.replayCount++
        this.driver.replayed(connection)
        this.#leaseFresh(request)
      }
      if (connection.hasOpened) {
        this.driver.closed(connection, carrier.closeReason ?? 'error')
      } else {
        this.driver.dialFailed(connection, error)
      }
    }
    if (connection.hasOpened) this.#events.onDisconnect(target.origin, error)
  }

  #endOf({ closeReason }: PoolConnection): Error {
    return this.#destroyError ?? this.#createClosedError(closeReason ?? 'closed')
  }

  #leaseFresh(request: DispatchedRequest): void {
    request.rewind()
    const waiter = this.driver.leaseFresh(request.target, request)
    if (request.phase === 'asking') this.#backlog.letWait(request, waiter)
  }

  #hintOf(keepAlive: string): KeepAliveHint {
    if (keepAlive !== this.#keepAlive) {
      this.#hint = parseKeepAliveHeader(keepAlive)
      this.#keepAlive = keepAlive
    }
    return this.#hint
  }
}

const ignore = (): void => undefined

const isInUse = ({ stateName }: PoolConnection): boolean =>
  stateName === 'leased' || stateName === 'draining'
