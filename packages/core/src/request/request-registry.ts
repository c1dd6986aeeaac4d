import { IllegalTransitionError } from '../errors.ts'
import type { ResolvedPolicy } from '../policies/resolve-policy.ts'
import { afterLoss, type LossVerdict } from './after-loss.ts'
import type { PoolRequest } from './pool-request.ts'
import { isCovered } from './replay-coverage.ts'
import { REQUEST_STATES, type RequestEvent, type RequestState } from './request-lifecycle.ts'

/** The facts of a connection that a request gets. */
interface GrantedConnection {
  readonly id: number
  readonly isReused: boolean
  readonly isDated: boolean
  readonly createdAtMs: number
  readonly openedAtMs: number
}

/** The facts that only the sender knows of a request that loses its connection. */
export interface Loss {
  /**
   * Whether the system certainly took nothing of it, or the peer says that it did not process it.
   */
  readonly isUnwritten: boolean
  /** Whether everything that was written can be written again. */
  readonly isRepeatable: boolean
}

/** Receives the error for an event that the state of a request does not allow. */
export type IllegalMoveListener = (error: IllegalTransitionError) => void

const throwIt: IllegalMoveListener = (error) => {
  throw error
}

/**
 * Moves requests through their lives, and decides what becomes of those that lose their connection.
 * An illegal move changes nothing and is reported: a request must not fail because of a bug in its
 * bookkeeping.
 */
export class RequestRegistry<Request extends PoolRequest> {
  readonly #policy: ResolvedPolicy
  readonly #onIllegalMove: IllegalMoveListener

  constructor(policy: ResolvedPolicy, onIllegalMove: IllegalMoveListener = throwIt) {
    this.#policy = policy
    this.#onIllegalMove = onIllegalMove
  }

  /**
   * Records that the request asks for its first connection. Returns whether it may, which is once.
   */
  ask(request: Request): boolean {
    if (request.state !== REQUEST_STATES.asked) return this.#refuse(request, 'asked')
    // A streamed body may be gone when it is needed again.
    request.isReplayable = request.isBodyAtHand && isCovered(request, this.#policy.replay)
    return true
  }

  /** Records that the request waits for a connection. */
  queue(request: Request, nowMs: number): void {
    if (this.#move(request, request.state.queued, 'queued')) request.waitsSinceMs = nowMs
  }

  /** Records that the request has a connection, with nothing written yet. */
  grant(request: Request, connection: GrantedConnection, nowMs: number): void {
    if (!this.#move(request, request.state.granted, 'granted')) return
    request.connectionId = connection.id
    request.isReused = connection.isReused
    request.grantedAtMs = nowMs
    if (request.waitsSinceMs === undefined) return
    const waitMs = nowMs - request.waitsSinceMs
    // The dial may have begun before the request came, for warmth or for another one.
    const dialMs = connection.openedAtMs - connection.createdAtMs
    request.dialMs = connection.isDated ? 0 : Math.min(dialMs, waitMs)
    endWait(request, nowMs)
  }

  /** Records that its connection is checked once more before the request is written. */
  check(request: Request): void {
    this.#move(request, request.state.doubted, 'doubted')
  }

  /** Records that it is written to its connection from now on. */
  pass(request: Request): void {
    this.#move(request, request.state.passed, 'passed')
  }

  /** Records that all of it is written. Called before its connection is lost. */
  complete(request: Request): void {
    if (this.#move(request, request.state.completed, 'completed')) request.isComplete = true
  }

  /** Records the first byte of a response, which may be a provisional one. */
  answer(request: Request, nowMs: number): void {
    if (this.#move(request, request.state.answered, 'answered')) request.answeredAtMs = nowMs
  }

  /**
   * Records that its caller gives it up. For one that waits use {@link Pool.cancel}, which removes
   * it from the queue, too.
   */
  abort(request: Request, nowMs: number): void {
    if (this.#move(request, request.state.aborted, 'aborted')) endWait(request, nowMs)
  }

  /** Records that it gets an error and no connection. */
  reject(request: Request, nowMs: number): void {
    if (this.#move(request, request.state.rejected, 'rejected')) endWait(request, nowMs)
  }

  /**
   * Records that it gives its connection back: its response is complete, or its caller does not
   * want it.
   */
  end(request: Request, nowMs: number): void {
    const { state } = request
    if (state.isEnd) return
    if (state.served === undefined) this.abort(request, nowMs)
    else this.#move(request, state.served, 'served')
  }

  /** Records that the pool closes its connection together with all others. */
  doom(request: Request): void {
    request.isDoomed = true
  }

  /** Records that it fails with its connection. */
  fail(request: Request): void {
    if (!request.state.isEnd) this.#move(request, request.state.lost, 'lost')
  }

  /** Decides what becomes of a request that loses its connection. On `'fail'` it has failed now. */
  lose(
    request: Request,
    { isDated }: GrantedConnection,
    { isRepeatable, isUnwritten }: Loss,
    nowMs: number,
  ): LossVerdict {
    const { state } = request
    if (state.lost === undefined) return 'fail'
    const verdict = afterLoss(
      {
        method: request.method,
        get hasIdempotencyKey() {
          return request.hasIdempotencyKey
        },
        isDated,
        isDoomed: request.isDoomed,
        // Before it has passed the check, nothing can have been written.
        isUnwritten: isUnwritten || state.passed !== undefined,
        isComplete: request.isComplete && isRepeatable,
        isAnswered: state.served !== undefined,
        isResent: request.isResent,
        freshMoveCount: request.freshMoveCount,
      },
      this.#policy,
    )
    if (verdict === 'fail') {
      this.fail(request)
    } else {
      this.#restart(request, verdict, isDated)
      request.waitsSinceMs = nowMs
    }
    return verdict
  }

  /** Lets it wait for another connection, with nothing written yet. */
  #restart(request: Request, verdict: Exclude<LossVerdict, 'fail'>, isDated: boolean): void {
    if (verdict === 'resend') {
      this.#move(request, request.state.resent, 'resent')
      request.isResent = true
      request.isReplayable = false
    } else {
      this.#move(request, request.state.moved, 'moved')
      request.moveCount++
      if (!isDated) request.freshMoveCount++
    }
    request.isComplete = false
  }

  /** Changes the state of a request; nothing else does. Returns whether the move was legal. */
  #move(request: Request, next: RequestState | undefined, event: RequestEvent): boolean {
    if (next === undefined) return this.#refuse(request, event)
    request.state = next
    return true
  }

  #refuse({ state }: Request, event: string): false {
    this.#onIllegalMove(new IllegalTransitionError('request', state.name, event))
    return false
  }
}

/** Ends the wait of a request, if it waits. */
const endWait = (request: PoolRequest, nowMs: number): void => {
  if (request.waitsSinceMs === undefined) return
  request.pastWaitsMs += nowMs - request.waitsSinceMs
  request.waitsSinceMs = undefined
}
