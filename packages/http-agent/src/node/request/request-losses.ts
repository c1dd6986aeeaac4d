import {
  type CloseReason,
  failureOf,
  isCovered,
  type RequestFailure,
  type ResolvedPolicy,
} from '@holdfast/core'
import { isReset } from '../../driver/closing/is-reset.ts'
import { describeErrorsOf } from '../../driver/describe-failure.ts'
import type { PoolRuntime } from '../../driver/pool-runtime.ts'
import type { AgentRequest } from '../internals/agent-request.ts'
import { takeRequest } from '../internals/take-request.ts'
import type { PooledSocket } from '../pooled-socket.ts'
import type { RequestLease } from './request-lease.ts'

/** Whether the caller has given the request up, or has its whole response. */
const isOver = ({ destroyed, res }: AgentRequest): boolean =>
  destroyed || res?.readableEnded === true

/** Whether the error comes from a system call, not from a caller that destroys the socket. */
const isSystemError = (error: Error): boolean => 'syscall' in error

/**
 * Whether nothing was written since the request got the socket. Writes to a fresh socket are not
 * counted.
 */
const isUnwritten = ({ connection, isIntercepted, isKeptBack, sent }: PooledSocket): boolean =>
  connection.isDated && isIntercepted && (sent === undefined || sent.isRefused || isKeptBack)

/**
 * Reports lost sockets to the pool before their requests hear of it: what Node tells a request
 * cannot be undone. It adds the facts of the failure to the errors of those that fail.
 */
export class RequestLosses {
  readonly #runtime: PoolRuntime<PooledSocket, RequestLease>
  readonly #replay: ResolvedPolicy['replay']

  constructor(runtime: PoolRuntime<PooledSocket, RequestLease>) {
    this.#runtime = runtime
    this.#replay = runtime.policy.replay
  }

  /**
   * Whether the writes of the request must be kept: it may be sent again although it may have
   * arrived.
   */
  mayResend(lease: RequestLease): boolean {
    return lease.isReplayable || (!lease.isResent && isCovered(lease, this.#replay))
  }

  /**
   * Reports that the connection of a request has ended, by the error if there is one.
   *
   * @returns Whether the request goes on elsewhere, without hearing of it.
   */
  lose(pooled: PooledSocket, error: Error | undefined): boolean {
    return this.#lose(pooled, isReset(error) ? 'peer_reset' : 'peer_fin')
  }

  /**
   * Does the same where the received bytes cannot be the response, so that the connection must end.
   */
  loseToPlanted(pooled: PooledSocket): boolean {
    return this.#lose(pooled, 'stray_data')
  }

  /** Does the same where a socket is destroyed, possibly by the caller or the agent. */
  loseToDestroy(pooled: PooledSocket, error: Error | undefined): boolean {
    const { lease } = pooled
    if (lease === undefined) return false
    if (isOver(lease.request)) {
      this.#end(lease)
      return false
    }
    if (error !== undefined && isSystemError(error)) return this.lose(pooled, error)
    this.#describe(pooled, lease)
    return false
  }

  /**
   * Fails a request whose peer has been silent for too long, and its response as far as that has
   * come, unless the request goes on elsewhere.
   */
  timeOut(pooled: PooledSocket, error: Error): void {
    if (this.#lose(pooled, 'response_timeout')) return
    const { lease, socket } = pooled
    const response = lease?.request.res
    // A response that is destroyed takes its socket along, and through that its request.
    if (response && !response.destroyed) response.destroy(error)
    else socket.destroy(error)
  }

  /** Takes the request back from its socket, for another connection. */
  takeBack(lease: RequestLease, pooled: PooledSocket): void {
    const { sent, socket } = pooled
    lease.claimed = undefined
    if (pooled.lease !== undefined) {
      takeRequest(socket, lease.request, sent?.take() ?? [])
      pooled.endLease()
    }
    socket.destroy()
  }

  #lose(pooled: PooledSocket, reason: CloseReason): boolean {
    const { connection, lease, sent, socket } = pooled
    if (lease === undefined || socket.destroyed || isOver(lease.request)) return false
    // No event says that a request has written everything, which matters here.
    if (lease.stateName === 'sending' && lease.request.finished) {
      this.#runtime.pool.requests.complete(lease)
    }
    const loss = { isUnwritten: isUnwritten(pooled), isRepeatable: sent?.isKept === true }
    if (connection.request === lease && this.#runtime.lose(connection, loss, reason) !== 'fail') {
      return true
    }
    this.#describe(pooled, lease)
    return false
  }

  /** Ends a request whose caller has its result. */
  #end(lease: RequestLease): void {
    if (lease.state.isEnd || lease.waiter !== undefined) return
    if (lease.request.res?.complete) this.#runtime.ended(lease)
    else this.#runtime.aborted(lease)
  }

  #describe(pooled: PooledSocket, lease: RequestLease): void {
    if (pooled.isFailureKnown) return
    pooled.isFailureKnown = true
    const { request } = lease
    const failure = failureOfSocket(pooled, lease)
    let isTold = false
    const onFailed = (): void => {
      if (isTold) return
      isTold = true
      this.#runtime.tellFailure(lease, failure)
    }
    describeErrorsOf(request, failure, onFailed)
    if (request.res) describeErrorsOf(request.res, failure, onFailed)
  }
}

const failureOfSocket = (
  { bytesBefore, connection, isAnswered, isKeptBack, sent, socket }: PooledSocket,
  lease: RequestLease,
): RequestFailure => {
  const isRefused = !connection.hasOpened || sent?.isRefused === true || isKeptBack
  return failureOf({
    request: lease,
    reusedSocket: connection.isReused,
    bytesWritten: isRefused ? 0 : socket.bytesWritten - bytesBefore,
    responseStarted: isAnswered || Boolean(lease.request.res),
    replayed: lease.isResent,
  })
}
