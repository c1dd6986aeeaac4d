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

/** Whether the caller has given the request up, or heard the last of its response. */
const isOver = ({ destroyed, res }: AgentRequest): boolean =>
  destroyed || res?.readableEnded === true

/** What a failed system call says, and no error that the caller destroys a socket with. */
const isSystemError = (error: Error): boolean => 'syscall' in error

/** Whether nothing was written since the request got the socket. Of a fresh socket nobody keeps count. */
const isUnwritten = ({ connection, isIntercepted, isKeptBack, sent }: PooledSocket): boolean =>
  connection.isDated && isIntercepted && (sent === undefined || sent.isRefused || isKeptBack)

/**
 * Tells the pool of requests whose sockets are lost, before the requests hear of it: there is no way back
 * from what Node tells them. It adds to the errors of those that fail what is known of them.
 */
export class RequestLosses {
  readonly #runtime: PoolRuntime<PooledSocket, RequestLease>
  readonly #replay: ResolvedPolicy['replay']

  constructor(runtime: PoolRuntime<PooledSocket, RequestLease>) {
    this.#runtime = runtime
    this.#replay = runtime.policy.replay
  }

  /** Whether what the request writes is worth keeping: it may be sent again although it may have arrived. */
  mayResend(lease: RequestLease): boolean {
    return lease.isReplayable || (!lease.isResent && isCovered(lease, this.#replay))
  }

  /**
   * The connection of a request is at its end, by the error if there is one.
   *
   * @returns Whether the request goes on elsewhere, and need not know.
   */
  lose(pooled: PooledSocket, error: Error | undefined): boolean {
    return this.#lose(pooled, isReset(error) ? 'peer_reset' : 'peer_fin')
  }

  /** The same where what has come cannot be the response, so that its connection must end. */
  loseToPlanted(pooled: PooledSocket): boolean {
    return this.#lose(pooled, 'stray_data')
  }

  /** The same where a socket is destroyed, which the caller or the agent may have done. */
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
   * The peer has been silent for too long: the request fails with the error, and so does what has come of
   * its response, unless it goes on elsewhere.
   */
  timeOut(pooled: PooledSocket, error: Error): void {
    if (this.#lose(pooled, 'response_timeout')) return
    const { lease, socket } = pooled
    const response = lease?.request.res
    // A response that is destroyed takes its socket along, and through that its request.
    if (response && !response.destroyed) response.destroy(error)
    else socket.destroy(error)
  }

  /** The pool lets the request go to another connection. */
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
    // Nobody is told when a request has written its last; here it matters.
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

  /** The caller has heard the last of the request. */
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
