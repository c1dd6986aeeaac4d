import type { OriginTarget } from '../connection/origin-target.ts'
import type { Waiter } from '../dialing/waiter.ts'
import type { Repeatability } from './replay-coverage.ts'
import type { RequestFailure } from './request-failure.ts'
import { REQUEST_STATES, type RequestState, type RequestStateName } from './request-lifecycle.ts'

/**
 * A request, from its call for a connection until its caller has the result, over all its
 * connections. Only the pool and its {@link RequestRegistry} write to it; a driver extends it with
 * what it needs to send.
 */
export abstract class PoolRequest implements Repeatability {
  /** The origin that it asks for. */
  readonly target: OriginTarget
  /** Its state in the request's lifecycle, with the legal moves as links. */
  state: RequestState = REQUEST_STATES.asked
  /** Its place in the queue, while it waits for a connection. */
  waiter: Waiter<PoolRequest, unknown> | undefined = undefined
  /** The facts of its failure; `undefined` while it has not failed. */
  failure: RequestFailure | undefined = undefined
  /**
   * Whether it will be sent again, without harm, where its connection turns out dead. Known from
   * its first lease on.
   */
  isReplayable = false
  /** Whether all of it has been written to the connection that it has. */
  isComplete = false
  /** Whether it was sent again although it may have arrived. */
  isResent = false
  /** Whether the pool was destroyed while it had a connection. It then goes to no other one. */
  isDoomed = false
  /** Number of times that it went to another connection before anything of it was written. */
  moveCount = 0
  /** Number of these moves away from a connection that was dialled for it. */
  freshMoveCount = 0
  /** The connection that it has, or had last. */
  connectionId: number | undefined = undefined
  /** Whether that connection had served another request before. */
  isReused = false
  /**
   * Start of its present wait for a connection, in milliseconds of the pool's clock; else
   * `undefined`.
   */
  waitsSinceMs: number | undefined = undefined
  /**
   * Duration of its last dial as far as it waited for that, in milliseconds; 0 for a reused
   * connection.
   */
  dialMs = 0
  /** Time at which it got its connection, in milliseconds of the pool's clock. */
  grantedAtMs: number | undefined = undefined
  /** Time of the first byte of its response, in milliseconds of the pool's clock. */
  answeredAtMs: number | undefined = undefined
  /** Duration of its past waits, in milliseconds. */
  pastWaitsMs = 0

  constructor(target: OriginTarget) {
    this.target = target
  }

  /** The HTTP method, in capital letters. */
  abstract get method(): string
  /** Whether it has an `Idempotency-Key`. Read only where the method does not decide. */
  abstract get hasIdempotencyKey(): boolean
  /** Whether its body, if it has one, is in memory, so that it can be written again as it was. */
  abstract get isBodyAtHand(): boolean

  /** The name of its state. */
  get stateName(): RequestStateName {
    return this.state.name
  }

  /**
   * Computes the time that it has waited for connections so far, their dials included, in
   * milliseconds.
   */
  waitedMs(nowMs: number): number {
    return this.pastWaitsMs + (this.waitsSinceMs === undefined ? 0 : nowMs - this.waitsSinceMs)
  }
}
