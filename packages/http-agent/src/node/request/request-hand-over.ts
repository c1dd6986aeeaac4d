import type { PoolRuntime } from '../../driver/pool-runtime.ts'
import type { AgentRequest } from '../internals/agent-request.ts'
import type { AgentSocket } from '../internals/agent-socket.ts'
import { enterAsyncContext } from '../internals/async-context.ts'
import type { DrivenAgent } from '../internals/driven-agent.ts'
import { adoptHighWaterMark } from '../internals/high-water-mark.ts'
import { announceLastRequest } from '../internals/request-head.ts'
import type { PooledSocket, SocketConnection } from '../pooled-socket.ts'
import { describeFailure, unsentFailure } from './request-failure.ts'
import type { RequestLease } from './request-lease.ts'

/** Gives requests what the pool has decided: a socket, or an error. */
export class RequestHandOver {
  readonly #agent: DrivenAgent
  readonly #driver: PoolRuntime<PooledSocket, RequestLease>
  /** Asks for another socket, where one died between the decision and its use. */
  readonly #leaseAgain: (lease: RequestLease) => void
  /** Takes a socket back that its request has given up. */
  readonly #giveBack: (pooled: PooledSocket) => void

  constructor(
    agent: DrivenAgent,
    driver: PoolRuntime<PooledSocket, RequestLease>,
    leaseAgain: (lease: RequestLease) => void,
    giveBack: (pooled: PooledSocket) => void,
  ) {
    this.#agent = agent
    this.#driver = driver
    this.#leaseAgain = leaseAgain
    this.#giveBack = giveBack
  }

  grant(lease: RequestLease, connection: SocketConnection): void {
    lease.connectionId = connection.id
    if (lease.waitsSinceMs !== undefined) lease.endWait()
    if (lease.claimed !== undefined) return
    const pooled = connection.transport as PooledSocket
    const wasIdle = pooled.isWatched
    if (connection.isSure && !this.#shouldWait(lease, connection, wasIdle)) {
      this.#hand(lease, connection, wasIdle)
      return
    }
    // One that comes straight from another request is not watched yet.
    if (!wasIdle) pooled.watch()
    this.#driver.staleCheck.passFence(() => this.#passFence(lease, connection, wasIdle))
  }

  reject(lease: RequestLease, error: Error): void {
    if (lease.waitsSinceMs !== undefined) lease.endWait()
    if (lease.claimed !== undefined) {
      // One that is destroyed already has told its request the true error.
      if (!lease.claimed.destroyed) lease.claimed.destroy(error)
      return
    }
    lease.failure = unsentFailure(lease.isReplayed)
    describeFailure(error, lease.failure)
    lease.settle(() => {
      // What was thrown at once reaches the caller by way of `http.request`.
      if (lease.thrown === error) return
      // A request leaves the errors of a proxy's tunnel to its agent.
      if ('code' in error && error.code === 'ERR_PROXY_TUNNEL') lease.request.emit('error', error)
      lease.request.onSocket(null, error)
    })
  }

  /**
   * Whether a request that has waited in the queue, and cannot be sent again, waits until the loop has read
   * what comes right behind the response before. Over TLS the end of its writing would be told late.
   */
  #shouldWait(
    { isReplayable, wasQueued }: RequestLease,
    { isReused, transport }: SocketConnection,
    wasIdle: boolean,
  ): boolean {
    if (isReplayable || wasIdle || !(wasQueued && isReused)) return false
    return (
      this.#driver.policy.staleCheck !== 'none' &&
      !('encrypted' in (transport as PooledSocket).socket)
    )
  }

  #passFence(lease: RequestLease, connection: SocketConnection, wasIdle: boolean): void {
    const pooled = connection.transport as PooledSocket
    const isAlive = pooled.isWatched
    if (lease.isSettled) {
      // It was given up at the fence, and has been told so.
      if (isAlive) this.#giveBack(pooled)
    } else if (isAlive) this.#hand(lease, connection, wasIdle)
    // A connection that died there has left the pool; the request has not been sent yet.
    else this.#leaseAgain(lease)
  }

  #hand(lease: RequestLease, connection: SocketConnection, wasIdle: boolean): void {
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
    // It became idle before anybody used it.
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
