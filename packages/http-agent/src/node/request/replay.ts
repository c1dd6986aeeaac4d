import type { CloseReason, ResolvedPolicy } from '@holdfast/core'
import { isIdempotentMethod, isMethodReplayed } from '../../driver/replay-allowance.ts'
import type { AgentRequest } from '../internals/agent-request.ts'
import { headOf } from '../internals/request-head.ts'
import { takeRequest } from '../internals/take-request.ts'
import type { PooledSocket } from '../pooled-socket.ts'
import { describeErrorsOf, type RequestFailure } from './request-failure.ts'
import type { RequestLease } from './request-lease.ts'

const KEY_IN_HEAD = /\r\nidempotency-key:/iu

const hasIdempotencyKey = (request: AgentRequest): boolean =>
  // Headers that were given as an array are nowhere but in the head.
  request.getHeader('idempotency-key') !== undefined || KEY_IN_HEAD.test(headOf(request) ?? '')

/** Whether the caller has given the request up, or heard the last of its response. */
const isOver = ({ destroyed, res }: AgentRequest): boolean =>
  destroyed || res?.readableEnded === true

const isReset = (error: Error | undefined): boolean =>
  error !== undefined && 'code' in error && error.code === 'ECONNRESET'

/** What a failed system call says, and no error that the caller destroys a socket with. */
const isSystemError = (error: Error): boolean => 'syscall' in error

/**
 * Saves requests from reused connections that turn out dead before the first byte of a response, as
 * far as the policy allows, and tells the truth about the others.
 */
export class Replay {
  readonly #replay: ResolvedPolicy['replay']
  /** Gives the request a connection of its own; its old one is then reported gone. */
  readonly #leaseAgain: (lease: RequestLease, pooled: PooledSocket, reason: CloseReason) => void
  /** What was sent of a request may have arrived, and is sent again. */
  readonly #onReplay: (pooled: PooledSocket) => void

  constructor(
    replay: ResolvedPolicy['replay'],
    leaseAgain: (lease: RequestLease, pooled: PooledSocket, reason: CloseReason) => void,
    onReplay: (pooled: PooledSocket) => void,
  ) {
    this.#replay = replay
    this.#leaseAgain = leaseAgain
    this.#onReplay = onReplay
  }

  /** Whether a request is sure to be sent again where its connection turns out dead. */
  covers(request: AgentRequest): boolean {
    // One that usually has a body may come to be streamed.
    return !request.useChunkedEncodingByDefault && this.#isAllowed(request)
  }

  /** Whether a request that has arrived may be sent again, once it is complete. */
  isRepeatable({ request, isReplayable }: RequestLease): boolean {
    return isReplayable || this.#isAllowed(request)
  }

  /**
   * The connection of a request is at its end, by the error if there is one.
   *
   * @returns Whether the request has been taken away from it, and need not know.
   */
  save(pooled: PooledSocket, error: Error | undefined): boolean {
    return this.#save(pooled, isReset(error) ? 'peer_reset' : 'peer_fin')
  }

  /** The same where what has come cannot be the response, so that its connection must end. */
  saveFromPlanted(pooled: PooledSocket): boolean {
    return this.#save(pooled, 'stray_data')
  }

  /**
   * The peer has been silent for too long: the request fails with the error, and so does what has come of
   * its response, unless it is saved.
   */
  timeOut(pooled: PooledSocket, error: Error): void {
    if (this.#save(pooled, 'response_timeout')) return
    const { lease, socket } = pooled
    const response = lease?.request.res
    // A response that is destroyed takes its socket along, and through that its request.
    if (response && !response.destroyed) response.destroy(error)
    else socket.destroy(error)
  }

  #save(pooled: PooledSocket, reason: CloseReason): boolean {
    const { lease, socket } = pooled
    if (lease === undefined || socket.destroyed) return false
    const { request } = lease
    if (isOver(request)) return false
    if (!this.#canSave(pooled, request)) {
      this.#describe(pooled, lease)
      return false
    }
    takeRequest(socket, request, pooled.sent?.take() ?? [])
    if (pooled.sent !== undefined && !pooled.sent.isRefused) {
      lease.isReplayed = true
      this.#onReplay(pooled)
    }
    pooled.endLease()
    this.#leaseAgain(lease, pooled, reason)
    return true
  }

  /** The same where a socket is destroyed, which the caller or the agent may have done. */
  saveFromDestroy(pooled: PooledSocket, error: Error | undefined): boolean {
    const { lease } = pooled
    if (lease === undefined || isOver(lease.request)) return false
    if (error !== undefined && isSystemError(error)) return this.save(pooled, error)
    this.#describe(pooled, lease)
    return false
  }

  #canSave({ connection, isAnswered, isIntercepted, sent }: PooledSocket, request: AgentRequest) {
    if (!connection.isDated || isAnswered || !isIntercepted) return false
    return sent === undefined || sent.canRepeat(request.finished)
  }

  #isAllowed(request: AgentRequest): boolean {
    if (isMethodReplayed(this.#replay, request.method)) return true
    return this.#replay !== 'never' && hasIdempotencyKey(request)
  }

  #describe(pooled: PooledSocket, lease: RequestLease): void {
    if (pooled.isFailureKnown) return
    pooled.isFailureKnown = true
    const { request, isReplayed } = lease
    const failure = this.#failureOf(pooled, request, isReplayed)
    const onFailed = (): void => {
      lease.failure = failure
    }
    describeErrorsOf(request, failure, onFailed)
    if (request.res) describeErrorsOf(request.res, failure, onFailed)
  }

  #failureOf(
    { connection, isAnswered, sent, socket, bytesBefore }: PooledSocket,
    request: AgentRequest,
    replayed: boolean,
  ): RequestFailure {
    const isRefused = !connection.hasOpened || sent?.isRefused === true
    const bytesWritten = isRefused ? 0 : socket.bytesWritten - bytesBefore
    const isUnsent = bytesWritten === 0 && !replayed
    return {
      reusedSocket: connection.isReused,
      bytesWritten,
      responseStarted: isAnswered || Boolean(request.res),
      replayed,
      safeToRetry: isUnsent || isIdempotentMethod(request.method) || hasIdempotencyKey(request),
    }
  }
}
