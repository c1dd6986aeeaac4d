import { unsentFailure } from '@holdfast/core'
import { describeFailure } from '../../driver/describe-failure.ts'
import { afterPoll } from '../../driver/liveness/after-poll.ts'
import type { PoolRuntime } from '../../driver/pool-runtime.ts'
import type { AgentRequest } from '../internals/agent-request.ts'
import type { AgentSocket } from '../internals/agent-socket.ts'
import { enterAsyncContext } from '../internals/async-context.ts'
import type { DrivenAgent } from '../internals/driven-agent.ts'
import { adoptHighWaterMark } from '../internals/high-water-mark.ts'
import { announceLastRequest } from '../internals/request-head.ts'
import type { PooledSocket, SocketConnection } from '../pooled-socket.ts'
import type { RequestLease } from './request-lease.ts'

/** Gives each request the socket or the error that the pool has decided on. */
export class RequestHandOver {
  readonly #agent: DrivenAgent
  readonly #runtime: PoolRuntime<PooledSocket, RequestLease>
  /** Takes a socket back that its request has given up. */
  readonly #giveBack: (pooled: PooledSocket) => void

  constructor(
    agent: DrivenAgent,
    runtime: PoolRuntime<PooledSocket, RequestLease>,
    giveBack: (pooled: PooledSocket) => void,
  ) {
    this.#agent = agent
    this.#runtime = runtime
    this.#giveBack = giveBack
  }

  grant(lease: RequestLease, connection: SocketConnection): void {
    const { requests } = this.#runtime.pool
    if (lease.claimed !== undefined) {
      requests.pass(lease)
      return
    }
    const pooled = connection.transport as PooledSocket
    const wasIdle = pooled.isWatched
    if (connection.isSure && !this.#comesClose(lease, connection, wasIdle)) {
      this.#hand(lease, connection, wasIdle)
      return
    }
    requests.check(lease)
    // A socket that comes straight from another request is not watched yet.
    if (!wasIdle) pooled.watch()
    // The watch may have found bytes at once, and the request went to another connection.
    if (connection.request !== lease) return
    if (pooled.keepsBack === 'asked') this.#keepBack(lease, connection, wasIdle)
    else afterPoll(() => this.#arrive(lease, connection, wasIdle))
  }

  reject(lease: RequestLease, error: Error): void {
    if (lease.claimed !== undefined) {
      // A socket that is destroyed already has given its request the true error.
      if (!lease.claimed.destroyed) lease.claimed.destroy(error)
      return
    }
    lease.failure = unsentFailure(lease.isResent)
    describeFailure(error, lease.failure)
    lease.settle(() => {
      // An error that was thrown at once reaches the caller through `http.request`.
      if (lease.thrown === error) return
      // A request leaves the errors of a proxy's tunnel to its agent.
      if ('code' in error && error.code === 'ERR_PROXY_TUNNEL') lease.request.emit('error', error)
      lease.request.onSocket(null, error)
    })
  }

  /**
   * Whether the request gets a connection right after the previous response, and cannot be
   * replayed: a close that follows may come just after a look.
   */
  #comesClose(
    { isReplayable, wasQueued }: RequestLease,
    { isReused, transport }: SocketConnection,
    wasIdle: boolean,
  ): boolean {
    if (isReplayable || wasIdle || !(wasQueued && isReused)) return false
    return (
      this.#runtime.policy.staleCheck !== 'none' &&
      (transport as PooledSocket).keepsBack === 'asked'
    )
  }

  /**
   * Gives the request its socket at once, but keeps its writes back until the loop has read once
   * more.
   */
  #keepBack(lease: RequestLease, connection: SocketConnection, wasIdle: boolean): void {
    const pooled = connection.transport as PooledSocket
    pooled.keepBack()
    this.#hand(lease, connection, wasIdle)
    lease.keepContext()
    afterPoll(() => {
      if (pooled.lease === lease) lease.runInContext(() => pooled.letWrite())
    })
  }

  #arrive(lease: RequestLease, connection: SocketConnection, wasIdle: boolean): void {
    // A connection that died meanwhile has left the pool, and its request went to another one.
    if (connection.request !== lease) return
    // The request may have been given up at the fence, and its caller has been told then.
    if (lease.state.isEnd) this.#giveBack(connection.transport as PooledSocket)
    else this.#hand(lease, connection, wasIdle)
  }

  #hand(lease: RequestLease, connection: SocketConnection, wasIdle: boolean): void {
    this.#runtime.pool.requests.pass(lease)
    if (connection.isReused) lease.settle(this.#handReused, lease, connection, wasIdle)
    else lease.settle(this.#handFresh, lease, connection)
  }

  // Bound once: a closure for each request would cost more than the call.
  readonly #handReused = (
    lease: RequestLease,
    connection: SocketConnection,
    wasIdle: boolean,
  ): void => {
    const { request, options } = lease
    const pooled = connection.transport as PooledSocket
    const { socket } = pooled
    request.reusedSocket = true
    enterAsyncContext(socket)
    if (wasIdle) this.#agent.reuseSocket(socket, request)
    const { highWaterMark } = options
    if (highWaterMark !== undefined) adoptHighWaterMark(socket, highWaterMark)
    this.#prepare(request, connection, socket)
    pooled.handTo(lease)
  }

  readonly #handFresh = (lease: RequestLease, connection: SocketConnection): void => {
    const pooled = connection.transport as PooledSocket
    const { socket } = pooled
    // It became idle before a request used it.
    if (pooled.isWatched) socket.ref?.()
    this.#prepare(lease.request, connection, socket)
    pooled.handFreshTo(lease)
    // Node's agent lets a new socket be free before it gives it to a request that was queued.
    if (lease.wasQueued) this.#agent.emit('free', socket, pooled.options)
  }

  #prepare(request: AgentRequest, connection: SocketConnection, socket: AgentSocket): void {
    if (connection.stateName === 'draining') announceLastRequest(request)
    const timeoutMs = request.timeout ?? this.#agent.options.timeout ?? 0
    if ((socket.timeout ?? 0) !== timeoutMs) socket.setTimeout?.(timeoutMs)
  }
}
