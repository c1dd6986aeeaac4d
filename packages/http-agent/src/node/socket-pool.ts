import { type CloseReason, Pool, type ResolvedPolicy } from '@holdfast/core'
import { monotonicNowMs } from '../driver/clock.ts'
import { DeadlineTimer } from '../driver/deadline-timer.ts'
import { peekDescriptor } from '../driver/peek-descriptor.ts'
import type { DrivenAgent, SocketCallback } from './driven-agent.ts'
import { HURRIED_WAIT_MS, LingeringSockets } from './lingering-sockets.ts'
import {
  type AgentRequest,
  type AgentSocket,
  adoptHighWaterMark,
  announceLastRequest,
  descriptorOf,
  enterAsyncContext,
} from './node-internals.ts'
import { PooledSocket, type SocketConnection, type SocketListener } from './pooled-socket.ts'
import type { RequestLease, RequestOptions } from './request-lease.ts'
import { ServerHints } from './server-hints.ts'
import { closeReasonOf, createHangUp } from './socket-endings.ts'
import { mergeOptions } from './socket-options.ts'

/**
 * A socket that was released less than this long ago is used again without a look. Within a turn of
 * the event loop that is as short as this, hardly a close can come that the loop has not read.
 */
const PEEK_AFTER_MS = 2

/** Runs the pool's decisions on Node's sockets and requests, and tells it what happens to them. */
export class SocketPool {
  readonly pool: Pool<PooledSocket, RequestLease>
  readonly #agent: DrivenAgent
  readonly #policy: ResolvedPolicy
  readonly #timer: DeadlineTimer
  readonly #listener: SocketListener = {
    onOpen: (pooled) => this.#opened(pooled),
    onFree: (pooled) => this.#freed(pooled),
    onServed: (pooled) => this.#served(pooled),
    onRemove: (pooled) => this.#removed(pooled),
    onLost: (pooled, reason) => this.#lost(pooled, reason),
    onTimeout: (pooled) => this.#timedOut(pooled),
    onClose: (pooled, error) => this.#closed(pooled, error),
  }
  readonly #hints: ServerHints = new ServerHints()
  /** Sockets that wait for their peer to close, and such whose place is wanted meanwhile. */
  readonly #lingering: LingeringSockets
  readonly #hurried: LingeringSockets

  constructor(agent: DrivenAgent, policy: ResolvedPolicy) {
    this.#agent = agent
    this.#policy = policy
    this.#lingering = new LingeringSockets(policy.peerCloseWaitMs)
    this.#hurried = new LingeringSockets(Math.min(policy.peerCloseWaitMs, HURRIED_WAIT_MS))
    this.pool = new Pool({
      policy,
      caps: {
        get maxPerOrigin() {
          return agent.maxSockets
        },
        get maxTotal() {
          return agent.maxTotalSockets
        },
        get maxIdlePerOrigin() {
          return agent.keepAlive ? agent.maxFreeSockets : 0
        },
      },
      scheduling: agent.scheduling,
      random: Math.random,
      effects: {
        dial: (connection, lease) => this.#dial(connection, lease),
        close: (connection) => this.#close(connection),
        grant: (lease, connection) => this.#grant(lease, connection),
        reject: (lease, error) => this.#reject(lease, error),
        peek: (connection, nowMs) => this.#peek(connection, nowMs),
      },
    })
    this.#timer = new DeadlineTimer(this.pool)
  }

  /** Asks for a socket. What the dial throws at once is left in the lease. */
  lease(lease: RequestLease): void {
    const { request } = lease
    if (request.destroyed) {
      request.onSocket(null)
      return
    }
    const nowMs = monotonicNowMs()
    const waiter = this.pool.lease(lease.originKey, lease, nowMs)
    if (waiter !== undefined && !lease.isSettled) {
      lease.wait(() => {
        this.pool.cancel(waiter)
        lease.settle(() => request.onSocket(null))
      })
    }
    this.#timer.follow(nowMs)
  }

  /** Destroys every socket, those that wait for their peer to close included. */
  destroy(): void {
    this.pool.destroy(monotonicNowMs())
    this.#lingering.close()
    this.#hurried.close()
  }

  #grant(lease: RequestLease, connection: SocketConnection): void {
    if (lease.claimed !== undefined) return
    const pooled = connection.transport as PooledSocket
    if (!connection.isReused) {
      lease.settle(() => this.#handFresh(lease, connection, pooled))
    } else if (pooled.isWatched && this.#needsFence(connection, pooled)) {
      // Two turns: the first one may have polled the sockets before the peer's close came.
      setImmediate(() => setImmediate(() => this.#passFence(lease, connection, pooled)))
    } else {
      lease.settle(() => this.#handReused(lease, connection, pooled))
    }
  }

  #needsFence(connection: SocketConnection, pooled: PooledSocket): boolean {
    const { staleCheck } = this.#policy
    if (staleCheck === 'none') return false
    if (staleCheck === 'peek' && descriptorOf(pooled.socket) !== undefined) return false
    return monotonicNowMs() - connection.idleSinceMs >= PEEK_AFTER_MS
  }

  #passFence(lease: RequestLease, connection: SocketConnection, pooled: PooledSocket): void {
    // A connection that died at the fence has left the pool; the request has not been sent yet.
    if (pooled.isWatched) lease.settle(() => this.#handReused(lease, connection, pooled))
    else this.lease(lease)
  }

  #handReused(lease: RequestLease, connection: SocketConnection, pooled: PooledSocket): void {
    const { request, options } = lease
    const { socket } = pooled
    request.reusedSocket = true
    enterAsyncContext(socket)
    if (pooled.isWatched) this.#agent.reuseSocket(socket, request)
    const { highWaterMark } = options
    if (highWaterMark !== undefined) adoptHighWaterMark(socket, highWaterMark)
    this.#prepare(request, connection, socket)
    pooled.handTo(request)
  }

  #handFresh({ request }: RequestLease, connection: SocketConnection, pooled: PooledSocket): void {
    const { socket } = pooled
    // It became idle before anybody used it.
    if (pooled.isWatched) socket.ref?.()
    this.#prepare(request, connection, socket)
    pooled.handFreshTo(request)
  }

  #prepare(request: AgentRequest, connection: SocketConnection, socket: AgentSocket): void {
    if (connection.stateName === 'draining') announceLastRequest(request)
    const timeoutMs = request.timeout ?? this.#agent.options.timeout ?? 0
    if ((socket.timeout ?? 0) !== timeoutMs) socket.setTimeout?.(timeoutMs)
  }

  #reject(lease: RequestLease, error: Error): void {
    if (lease.claimed !== undefined) {
      lease.claimed.destroy(error)
      return
    }
    lease.settle(() => {
      // What was thrown at once reaches the caller by way of `http.request`.
      if (lease.thrown === error) return
      // A request leaves the errors of a proxy's tunnel to its agent.
      if ('code' in error && error.code === 'ERR_PROXY_TUNNEL') lease.request.emit('error', error)
      lease.request.onSocket(null, error)
    })
  }

  #peek(connection: SocketConnection, nowMs: number): CloseReason | undefined {
    const { socket } = connection.transport as PooledSocket
    if (socket.destroyed || !socket.writable) return 'peer_fin'
    if (nowMs - connection.idleSinceMs < PEEK_AFTER_MS) return undefined
    const descriptor = descriptorOf(socket)
    return descriptor === undefined ? undefined : peekDescriptor(descriptor)
  }

  #dial(connection: SocketConnection, lease: RequestLease): void {
    const { request } = lease
    const options = mergeOptions(request, lease.options, this.#agent.options)
    let isAnswered = false
    const answer: SocketCallback = (error, socket) => {
      if (isAnswered) return
      isAnswered = true
      if (error || !socket) this.#fail(connection, error ?? createHangUp())
      else this.#adopt(connection, socket, options)
    }
    try {
      lease.runInContext(() => this.#agent.createSocket(request, options, answer))
    } catch (error) {
      if (!lease.isReturned) lease.thrown = error as Error
      answer(error as Error)
    }
  }

  #fail(connection: SocketConnection, error: Error): void {
    this.pool.dialFailed(connection, error, monotonicNowMs())
  }

  #adopt(connection: SocketConnection, socket: AgentSocket, options: RequestOptions): void {
    const pooled = new PooledSocket(socket, connection, options, this.#listener)
    connection.transport = pooled
    if (this.#agent.listenerCount('keylog') > 0) {
      socket.on('keylog', (line) => this.#agent.emit('keylog', line, socket))
    }
    // The agent may have been destroyed while `createConnection` took its time.
    if (connection.stateName === 'closing') socket.destroy()
    else if (pooled.isOpen) this.#opened(pooled)
    else if (connection.origin.leasedCount === 0) this.#handConnecting(pooled)
  }

  /**
   * Hands a connecting socket over at once, as Node's agent does, where no other connection is in
   * use that could come first.
   */
  #handConnecting(pooled: PooledSocket): void {
    const { connection } = pooled
    const lease = connection.waiter?.request
    if (lease === undefined) return
    this.pool.claim(connection)
    lease.claimed = pooled.socket
    if (this.#policy.maxRequestsPerConnection === 1) announceLastRequest(lease.request)
    lease.settle(() => pooled.handTo(lease.request))
  }

  #opened(pooled: PooledSocket): void {
    const { connection } = pooled
    const nowMs = monotonicNowMs()
    this.pool.opened(connection, nowMs)
    if (connection.stateName === 'idle') {
      pooled.socket.unref?.()
      pooled.watch()
    }
    this.#timer.follow(nowMs)
  }

  /**
   * A request is done with the socket, or was destroyed before it used it. Node may say so twice,
   * where a request was aborted just as it ended.
   */
  #freed(pooled: PooledSocket): void {
    const { connection } = pooled
    const { stateName, waiter } = connection
    if (stateName === 'connecting' && waiter !== undefined) {
      pooled.guardErrors()
      this.pool.cancel(waiter)
    } else if (isInUse(connection)) {
      this.#release(pooled)
    }
  }

  /** The last response is complete: as far as the pool is concerned, the socket is given back. */
  #served(pooled: PooledSocket): void {
    const { connection } = pooled
    if (!isInUse(connection)) {
      pooled.close()
      return
    }
    const nowMs = monotonicNowMs()
    pooled.guardErrors()
    pooled.isServed = true
    this.pool.retire(connection, 'response_close', nowMs)
    this.pool.release(connection, nowMs)
    this.#timer.follow(nowMs)
  }

  #close({ transport, origin }: SocketConnection): void {
    if (transport?.isServed !== true) transport?.close()
    else if (origin.queued.size > 0) this.#hurried.add(transport.socket)
    else this.#lingering.add(transport.socket)
  }

  /** A request keeps the socket for good (upgrade, CONNECT). */
  #removed(pooled: PooledSocket): void {
    const { connection } = pooled
    if (!isInUse(connection)) return
    pooled.letGo()
    this.pool.detach(connection, monotonicNowMs())
  }

  #release(pooled: PooledSocket): void {
    const { connection } = pooled
    const { socket } = pooled
    if (socket.writable) {
      const nowMs = monotonicNowMs()
      const response = socket._httpMessage?.res
      const hint = response ? this.#hints.hintOf(response) : undefined
      if (hint !== undefined) connection.heed(hint)
      const refusal = this.#refusalOf(connection, socket)
      if (refusal !== undefined) this.pool.retire(connection, refusal, nowMs)
      socket._httpMessage = null
      this.pool.release(connection, nowMs)
      if (connection.stateName === 'idle') pooled.watch()
      this.#timer.follow(nowMs)
    } else {
      socket.destroy()
    }
    if (this.#agent.listenerCount('free') > 0) this.#agent.emit('free', socket, pooled.options)
  }

  /** Why a socket that a request gives back must not serve another one, as far as Node knows. */
  #refusalOf({ origin }: SocketConnection, socket: AgentSocket): CloseReason | undefined {
    if (socket._httpMessage?.shouldKeepAlive === false) return 'response_close'
    if (origin.dialing.size > 0) {
      // Whoever waits has a dial of its own, and can do without a connection that is at its end.
      const descriptor = descriptorOf(socket)
      return descriptor === undefined ? undefined : peekDescriptor(descriptor)
    }
    const isWanted = origin.queued.size > 0
    return isWanted || this.#agent.keepSocketAlive(socket) ? undefined : 'response_close'
  }

  /** Something happened to a socket that no request uses. */
  #lost(pooled: PooledSocket, reason: CloseReason): void {
    const { connection } = pooled
    const nowMs = monotonicNowMs()
    pooled.endWatch()
    if (connection.stateName === 'idle') {
      this.pool.retire(connection, reason, nowMs)
    } else if (isInUse(connection)) {
      // It is leased to a request that waits at the fence and will look for another one.
      pooled.socket.destroy()
      this.pool.closed(connection, reason, nowMs)
    }
    this.#timer.follow(nowMs)
  }

  #timedOut(pooled: PooledSocket): void {
    const { connection } = pooled
    if (pooled.isWatched) this.#lost(pooled, 'idle_timeout')
    else if (connection.stateName === 'connecting') {
      const lease = connection.waiter?.request
      // A request that has the socket already hears of it by itself.
      if (lease?.claimed === undefined) lease?.request.emit('timeout')
    }
  }

  #closed({ connection, socket }: PooledSocket, error: Error | undefined): void {
    const nowMs = monotonicNowMs()
    if (connection.stateName !== 'closed') {
      if (connection.hasOpened) this.pool.closed(connection, closeReasonOf(socket), nowMs)
      else this.#fail(connection, error ?? createHangUp())
    }
    this.#timer.follow(nowMs)
  }
}

const isInUse = ({ stateName }: SocketConnection): boolean =>
  stateName === 'leased' || stateName === 'draining'
