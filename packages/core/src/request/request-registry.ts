import { IllegalTransitionError } from '../errors.ts'
import type { ResolvedPolicy } from '../policies/resolve-policy.ts'
import { afterLoss, type LossVerdict } from './after-loss.ts'
import type { PoolRequest } from './pool-request.ts'
import { isCovered } from './replay-coverage.ts'
import { REQUEST_STATES, type RequestEvent, type RequestState } from './request-lifecycle.ts'

/** What is taken note of a connection that a request gets, or loses. */
interface GrantedConnection {
  readonly id: number
  readonly isReused: boolean
  readonly isDated: boolean
  readonly createdAtMs: number
  readonly openedAtMs: number
}

/** What its sender knows of a request that loses its connection. */
export interface Loss {
  /** Whether the system took nothing of it for certain, or the peer says that it did not process it. */
  readonly isUnwritten: boolean
  /** Whether what was written is at hand, to be written again. */
  readonly isRepeatable: boolean
}

/** Told of an event that the state of a request does not allow. */
export type IllegalMoveListener = (error: IllegalTransitionError) => void

const throwIt: IllegalMoveListener = (error) => {
  throw error
}

/**
 * Moves requests through their lives, and decides what becomes of those that lose their connection. An
 * illegal move changes nothing and is reported: a request must not suffer for a mistake in its
 * bookkeeping.
 */
export class RequestRegistry<Request extends PoolRequest> {
  readonly #policy: ResolvedPolicy
  readonly #onIllegalMove: IllegalMoveListener

  constructor(policy: ResolvedPolicy, onIllegalMove: IllegalMoveListener = throwIt) {
    this.#policy = policy
    this.#onIllegalMove = onIllegalMove
  }

  /** The request asks for its first connection. Says whether it may, which it does once. */
  ask(request: Request): boolean {
    if (request.state !== REQUEST_STATES.asked) return this.#refuse(request, 'asked')
    // Whoever streams a body may not have it any more when it is needed again.
    request.isReplayable = request.isBodyAtHand && isCovered(request, this.#policy.replay)
    return true
  }

  /** It has no connection yet. */
  queue(request: Request, nowMs: number): void {
    if (this.#move(request, request.state.queued, 'queued')) request.waitsSinceMs = nowMs
  }

  /** It has a connection, and nothing of it is written to that yet. */
  grant(request: Request, connection: GrantedConnection, nowMs: number): void {
    if (!this.#move(request, request.state.granted, 'granted')) return
    request.connectionId = connection.id
    request.isReused = connection.isReused
    request.grantedAtMs = nowMs
    if (request.waitsSinceMs === undefined) return
    const waitMs = nowMs - request.waitsSinceMs
    // It may have begun before the request came, for warmth or for another one.
    const dialMs = connection.openedAtMs - connection.createdAtMs
    request.dialMs = connection.isDated ? 0 : Math.min(dialMs, waitMs)
    endWait(request, nowMs)
  }

  /** Its connection is looked at once more before the request is written to it. */
  check(request: Request): void {
    this.#move(request, request.state.doubted, 'doubted')
  }

  /** It is written to its connection from now on. */
  pass(request: Request): void {
    this.#move(request, request.state.passed, 'passed')
  }

  /** All of it is written. Told at the latest before its connection is lost. */
  complete(request: Request): void {
    if (this.#move(request, request.state.completed, 'completed')) request.isComplete = true
  }

  /** The first byte of a response has come, which may be a provisional one. */
  answer(request: Request, nowMs: number): void {
    if (this.#move(request, request.state.answered, 'answered')) request.answeredAtMs = nowMs
  }

  /** Its caller gives it up. One that waits is taken out of the queue, too: {@link Pool.cancel} does both. */
  abort(request: Request, nowMs: number): void {
    if (this.#move(request, request.state.aborted, 'aborted')) endWait(request, nowMs)
  }

  /** It gets no connection, but an error. */
  reject(request: Request, nowMs: number): void {
    if (this.#move(request, request.state.rejected, 'rejected')) endWait(request, nowMs)
  }

  /** It gives its connection back: its response is complete, or its caller wants none. */
  end(request: Request, nowMs: number): void {
    const { state } = request
    if (state.isEnd) return
    if (state.served === undefined) this.abort(request, nowMs)
    else this.#move(request, state.served, 'served')
  }

  /** The pool closes its connection together with all others. */
  doom(request: Request): void {
    request.isDoomed = true
  }

  /** Its connection is gone, and so is the request. */
  fail(request: Request): void {
    if (!request.state.isEnd) this.#move(request, request.state.lost, 'lost')
  }

  /** It loses its connection: decides what becomes of it. Where that is an error, it has failed now. */
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
        // Until it has passed the check, nothing can have been written.
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

  /** It waits for another connection, with nothing written yet. */
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

  /** The one place that changes the state of a request. Says whether it did. */
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

/** The request waits no more, if it did. */
const endWait = (request: PoolRequest, nowMs: number): void => {
  if (request.waitsSinceMs === undefined) return
  request.pastWaitsMs += nowMs - request.waitsSinceMs
  request.waitsSinceMs = undefined
}
