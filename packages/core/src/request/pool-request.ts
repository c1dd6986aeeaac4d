import type { OriginTarget } from '../connection/origin-target.ts'
import type { Waiter } from '../dialing/waiter.ts'
import type { Repeatability } from './replay-coverage.ts'
import type { RequestFailure } from './request-failure.ts'
import { REQUEST_STATES, type RequestState, type RequestStateName } from './request-lifecycle.ts'

/**
 * A request, from the moment it asks for a connection until its caller hears the last of it, on however
 * many connections. Only the pool and its {@link RequestRegistry} write to it; whoever drives the pool
 * adds what sending it takes.
 */
export abstract class PoolRequest implements Repeatability {
  /** The origin that it asks for. */
  readonly target: OriginTarget
  state: RequestState = REQUEST_STATES.asked
  /** Its place in the queue, while it waits for a connection. */
  waiter: Waiter<PoolRequest, unknown> | undefined = undefined
  /** What is known of it once it has failed. */
  failure: RequestFailure | undefined = undefined
  /**
   * Whether the request is sure to be sent again, without harm, where its connection turns out dead.
   * Known from its first lease on.
   */
  isReplayable = false
  /** Whether all of it has been written to the connection that it has. */
  isComplete = false
  /** Whether it was sent again although it may have arrived. */
  isResent = false
  /** Whether the pool was destroyed while it had a connection: it goes to no other one. */
  isDoomed = false
  /** How often it went to another connection before anything of it was written. */
  moveCount = 0
  /** How many of these connections were dialled for it. */
  freshMoveCount = 0
  /** The connection that it has, or had last. */
  connectionId: number | undefined = undefined
  /** Whether that connection had served another request before. */
  isReused = false
  /** Since when it waits for a connection, in milliseconds of the pool's clock, where it does. */
  waitsSinceMs: number | undefined = undefined
  /** How long its last connection took to open, if it was dialled for the request, in milliseconds. */
  dialMs = 0
  /** When it got its connection, in milliseconds of the pool's clock. */
  grantedAtMs: number | undefined = undefined
  /** When the first byte of its response came, in milliseconds of the pool's clock. */
  answeredAtMs: number | undefined = undefined
  /** Of all its waits, those that are over, in milliseconds. */
  pastWaitsMs = 0

  constructor(target: OriginTarget) {
    this.target = target
  }

  abstract get method(): string
  /** Asked only where the method does not decide. */
  abstract get hasIdempotencyKey(): boolean
  /** Whether its body, if it has one, is in memory, so that it can be written again as it was. */
  abstract get isBodyAtHand(): boolean

  get stateName(): RequestStateName {
    return this.state.name
  }

  /** How long it has waited for connections so far, their dials included, in milliseconds. */
  waitedMs(nowMs: number): number {
    return this.pastWaitsMs + (this.waitsSinceMs === undefined ? 0 : nowMs - this.waitsSinceMs)
  }
}
